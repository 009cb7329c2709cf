#pragma once

#include <string_view>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "tests/support/instruments.hpp"

namespace kaiku::test {

/// A visitor in front of the flow, with a fake clock and an outbox that answers when told to.
class Visitor {
  public:
    explicit Visitor(const survey::Instrument& instrument = full_instrument()) {
        setup.instrument = &instrument;
        setup.unit = "tk-1";
    }

    /// Lets the event happen now.
    Visitor& does(const flow::Event& event) {
        inputs.random.fill(++random_byte_);
        flow::Step stepped = flow::step(setup, std::move(state), event, inputs);
        state = std::move(stepped.state);
        for (auto& effect : stepped.effects) {
            if (auto* save = std::get_if<flow::effect::Save>(&effect)) {
                saves.push_back(std::move(save->response));
            } else if (std::holds_alternative<flow::effect::Wiped>(effect)) {
                ++wipes;
            } else if (const auto* chime = std::get_if<flow::effect::Chime>(&effect)) {
                chimes.push_back(chime->volume);
            }
        }
        return *this;
    }
    /// Time passes with a Tick at every deadline, as the loop does it.
    Visitor& waits(std::chrono::milliseconds time) {
        const flow::Instant until = inputs.now + time;
        for (;;) {
            const auto deadline = flow::next_deadline(setup, state, inputs.now);
            if (!deadline || *deadline > until) break;
            const bool stuck = *deadline <= inputs.now;
            if (!stuck) inputs.now = *deadline;
            const flow::State before = state;
            does(flow::event::Ticked{});
            ++ticks;
            if (stuck && before == state) break;
        }
        inputs.now = until;
        return *this;
    }
    Visitor& starts(survey::Language language = survey::Language::fi) {
        return does(flow::event::Started{language});
    }
    Visitor& types(std::u32string_view text) {
        for (const char32_t character : text) does(flow::event::Typed{character});
        return *this;
    }
    Visitor& next() { return does(flow::event::Next{}); }
    Visitor& is_saved() { return does(flow::event::Saved{saves.back().id}); }
    std::string screen() const { return flow::screen_name(setup, state); }

    flow::Setup setup;
    flow::State state;
    flow::Inputs inputs{.now = flow::Instant{1000},
                        .wall = survey::UtcSeconds{std::chrono::seconds{1'795'365'300}},
                        .random = {}};
    std::vector<survey::Response> saves;
    int wipes = 0;
    std::vector<int> chimes;  ///< how loud
    int ticks = 0;

  private:
    std::uint8_t random_byte_ = 0;
};

}  // namespace kaiku::test
