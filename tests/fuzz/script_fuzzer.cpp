#include <cstddef>
#include <cstdint>

#include "tests/fuzz/properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kaiku::fuzz::check_script({reinterpret_cast<const char*>(data), size});
    return 0;
}
