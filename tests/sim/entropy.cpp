#include "tests/sim/entropy.hpp"

#include <sodium.h>

#include "survey/result.hpp"

namespace kaiku::sim {
namespace {

Random* source = nullptr;

randombytes_implementation implementation() {
    randombytes_implementation out{};
    out.implementation_name = [] { return "simulated"; };
    out.random = [] { return static_cast<std::uint32_t>(source->next()); };
    out.stir = [] {};
    out.uniform = nullptr;
    out.buf = [](void* const bytes, const std::size_t size) {
        source->fill({static_cast<std::uint8_t*>(bytes), size});
    };
    out.close = [] { return 0; };
    return out;
}

}  // namespace

Entropy::Entropy(Random random) {
    KAIKU_ASSERT(source == nullptr);
    source = new Random(random);
    static randombytes_implementation ours = implementation();
    randombytes_set_implementation(&ours);
    KAIKU_ASSERT(sodium_init() >= 0);
}

Entropy::~Entropy() {
    randombytes_set_implementation(&randombytes_sysrandom_implementation);
    delete source;
    source = nullptr;
}

}  // namespace kaiku::sim
