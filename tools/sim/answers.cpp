#include "tools/sim/answers.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace kaiku::sim {

Answers::Answers(std::string unit)
    : unit_(std::move(unit)),
      hour_(survey::floor_to_hour(
          std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()))),
      choice_(ids_()) {}

survey::Response Answers::next() {
    std::array<std::uint8_t, 16> random{};
    for (std::uint8_t& byte : random) byte = static_cast<std::uint8_t>(ids_());
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
