#include "tools/sim/answers.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace kaiku::sim {
namespace {

constexpr std::size_t kAtOnce = 256;  ///< getentropy() gives no more

}  // namespace

Answers::Answers(std::string unit)
    : unit_(std::move(unit)),
      hour_(survey::floor_to_hour(
          std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()))),
      choice_(std::random_device{}()) {}

survey::Response Answers::next() {
    std::array<std::uint8_t, 16> random{};
    if (used_ == random_.size()) {
        // A processor's own generator takes a microsecond and more a word under a hypervisor.
        for (auto part = random_.begin(); part != random_.end(); part += kAtOnce) {
            if (getentropy(part, kAtOnce) != 0) {
                throw std::runtime_error("the kernel gives no random bytes");
            }
        }
        used_ = 0;
    }
    std::copy_n(random_.begin() + used_, random.size(), random.begin());
    used_ += random.size();
    survey::Response response{.id = survey::ResponseId::from_random(random),
                              .instrument = "quick-nps",
                              .unit = unit_,
                              .channel = survey::Channel::web,
                              .answered_at = hour_,
                              .answers = {},
                              .contact = {}};
    response.answers.nps = std::uniform_int_distribution(0, 10)(choice_);
    response.answers.statements["help"] = std::uniform_int_distribution(1, 5)(choice_);
    if (std::uniform_int_distribution(0, 9)(choice_) == 0) {
        response.answers.text = "Odotusaika oli pitkä, mutta henkilökunta oli ystävällistä.";
    }
    return response;
}

}  // namespace kaiku::sim
