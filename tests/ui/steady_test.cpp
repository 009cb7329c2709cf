// An answer's widgets stay where they are when one of them is chosen: the finger that comes back to
// change its mind, or the next visitor's eye, finds what was there.
#include <algorithm>
#include <array>
#include <map>

#include "kiosk/ui/dump.hpp"
#include "tests/support/catch.hpp"
#include "tests/ui/stage.hpp"

using namespace kaiku;

namespace {

using Places = std::map<std::string, std::array<float, 4>>;

/// Where the answers of the question stand.
Places places_of(test::Stage& stage, const flow::State& state, const std::string& prefix) {
    stage.draw(state);
    Places places;
    for (const ui::Widget& w : stage.recorder().widgets()) {
        if (w.id.starts_with(prefix) && w.role == ui::Role::radio) {
            places[w.id] = {w.x, w.y, w.w, w.h};
        }
    }
    return places;
}

/// A chosen answer makes "skip" into "next", which may be wider, but moves no answer.
void check_steady(test::Stage& stage, flow::State state, std::size_t question,
                  const std::string& prefix, const flow::Event& chosen, std::size_t count) {
    state.screen = flow::Screen::question;
    state.question = question;
    const flow::State answered = flow::step(stage.setup(), state, chosen, {}).state;
    std::size_t most = 0;
    for (int page = 0; page < 4; ++page) {  // the question may have pages of its own before
        flow::State before = state;
        flow::State after = answered;
        before.answers_page = after.answers_page = page;
        const Places unchosen = places_of(stage, before, prefix);
        most = std::max(most, unchosen.size());
        for (const auto& [id, place] : places_of(stage, after, prefix)) {
            if (id.ends_with("cant_say")) continue;  // stands in the footer, between the others
            INFO(id << " on page " << page);
            CHECKED_IF(unchosen.contains(id)) { CHECK(unchosen.at(id) == place); }
            CHECKED_ELSE(unchosen.contains(id)) { FAIL_CHECK("was not there before"); }
        }
    }
    CHECK(most >= count);
}

}  // namespace

TEST_CASE("choosing moves no face and no number, in any size, language and panel") {
    for (const ui::Panel& panel : ui::reference_panels()) {
        test::Stage stage("national-adult", panel);
        for (const survey::Language language : survey::kLanguages) {
            for (const flow::TextSize size :
                 {flow::TextSize::s, flow::TextSize::m, flow::TextSize::l, flow::TextSize::xl}) {
                flow::State state;
                state.language = language;
                state.size = size;
                INFO(panel.name << ' ' << survey::to_string(language) << " size "
                                << static_cast<int>(size));
                check_steady(stage, state, 0, "nps.", flow::event::Scored{9}, 11);
                for (std::size_t question = 1; question <= 6; ++question) {
                    check_steady(stage, state, question, "statement.", flow::event::Rated{4}, 5);
                }
            }
        }
    }
}
