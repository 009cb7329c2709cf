#include "kiosk/flow/phone.hpp"

#include "kiosk/flow/walk.hpp"
#include "tests/flow/visitor.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace kaiku;
using namespace kaiku::flow;
using namespace std::chrono_literals;
using kaiku::test::full_instrument;
using kaiku::test::Visitor;
using survey::Language;

/// A terminal that knows where the web survey is, and that seals by writing "SEALED".
struct Terminal : Visitor {
    explicit Terminal(const survey::Instrument& instrument = full_instrument())
        : Visitor(instrument) {
        setup.web_url = "https://palaute.example.fi";
    }
    /// Presses phone and answers the seal; what was to be sealed comes back.
    survey::TakeAlong takes_phone(bool sealed = true) {
        flow::Step stepped = flow::step(setup, state, event::PhonePressed{state.language}, inputs);
        state = std::move(stepped.state);
        REQUIRE(stepped.effects.size() == 1);
        const auto& sealing = std::get<effect::Seal>(stepped.effects.front());
        const auto taken = survey::decode_take_along(
            sealing.plain, [this](std::string_view, int) { return setup.instrument; });
        REQUIRE(taken);
        CHECK(taken->id == sealing.id);
        if (sealed) does(event::PhoneSealed{sealing.id, "SEALED"});
        return *taken;
    }
    bool is_pristine() const {
        State expected;
        expected.screen_since = state.screen_since;
        expected.last_activity = state.last_activity;
        return state == expected;
    }
};

}  // namespace

TEST_CASE("without a web address no phone is offered and asking for one changes nothing") {
    Visitor visitor;
    CHECK_FALSE(offers_phone(visitor.setup));
    visitor.does(event::PhonePressed{Language::fi});
    CHECK(visitor.screen() == "attract");
    visitor.starts().does(event::PhonePressed{Language::fi});
    CHECK(visitor.screen() == "nps");
    for (const auto& appearance : every_appearance(visitor.setup)) {
        CHECK(appearance.name.rfind("phone", 0) != 0);
    }
}

TEST_CASE("from the attract screen the code is the unit's address in the language pressed") {
    Terminal terminal;
    terminal.does(event::PhonePressed{Language::sv});
    CHECK(terminal.screen() == "phone");
    CHECK(terminal.state.language == Language::sv);
    CHECK(terminal.state.phone.link == "https://palaute.example.fi/s/tk-1");
    CHECK_FALSE(terminal.state.id.has_value());
    CHECK(survey_address(terminal.setup, terminal.state) == "palaute.example.fi/s/tk-1");
    terminal.does(event::Back{});
    CHECK(terminal.is_pristine());
    terminal.does(event::PhonePressed{Language::fi}).does(event::PhoneTaken{});
    CHECK(terminal.is_pristine());
    CHECK(terminal.saves.empty());
}

TEST_CASE("in mid-survey the answers so far move, with their id, and nothing is stored") {
    Terminal terminal;
    terminal.starts(Language::en).does(event::Scored{3}).next().does(event::Rated{2});
    const auto id = terminal.state.id;
    const auto taken = terminal.takes_phone();
    CHECK(taken.id == id);
    CHECK(taken.language == Language::en);
    CHECK(taken.answers == terminal.state.answers);
    CHECK(taken.instrument == full_instrument().id);
    CHECK(terminal.state.phone.link == "https://palaute.example.fi/s/tk-1?t=SEALED");
    CHECK_FALSE(terminal.state.phone.left_out);
    terminal.does(event::PhoneTaken{});
    CHECK(terminal.is_pristine());
    CHECK(terminal.saves.empty());
}

TEST_CASE("back from the code returns to the same question with the answers kept") {
    Terminal terminal;
    terminal.starts().does(event::Scored{9}).next().does(event::Rated{5});
    const State before = terminal.state;
    terminal.takes_phone();
    terminal.does(event::LanguageChosen{Language::sv}).does(event::Back{});
    CHECK(terminal.screen() == "statement.help");
    CHECK(terminal.state.answers == before.answers);
    CHECK(terminal.state.id == before.id);
    CHECK(terminal.state.language == Language::sv);
    CHECK(terminal.state.phone == Phone{});
    terminal.next().next().next();
    REQUIRE(terminal.saves.size() == 1);
    CHECK(terminal.saves.front().id == before.id);
}

TEST_CASE("the text that moves is masked, and a long one and contact details stay behind") {
    Terminal terminal;
    terminal.starts().next().next().types(U"hetu 131052-308T");
    CHECK(terminal.takes_phone().answers.text == "Hetu [hetu]");
    CHECK_FALSE(terminal.state.phone.left_out);
    terminal.does(event::Back{}).next().types(U"040 123 4567");
    CHECK(terminal.screen() == "contact");
    CHECK(terminal.takes_phone().answers.text == "Hetu [hetu]");
    CHECK(terminal.state.phone.left_out);

    Terminal writer(kaiku::test::short_instrument());
    writer.starts().next();
    writer.types(std::u32string(survey::kMaxTakenTextBytes, U'x'));
    CHECK(writer.takes_phone().answers.text.size() == survey::kMaxTakenTextBytes);
    writer.does(event::Back{}).types(U"x");
    CHECK(writer.takes_phone().answers.text.empty());
    CHECK(writer.state.phone.left_out);
    writer.does(event::Back{});
    CHECK(writer.state.answers.text.size() == survey::kMaxTakenTextBytes + 1);
}

TEST_CASE("a seal that fails leads back to the question, and a late or foreign one is not shown") {
    Terminal terminal;
    terminal.starts().does(event::Scored{1});
    const auto taken = terminal.takes_phone(false);
    CHECK(terminal.state.phone.link.empty());
    const auto other = survey::ResponseId::from_random(std::array<std::uint8_t, 16>{9});
    terminal.does(event::PhoneSealed{other, "FOREIGN"});
    CHECK(terminal.state.phone.link.empty());
    terminal.does(event::PhoneFailed{taken.id});
    CHECK(terminal.screen() == "nps");
    CHECK(terminal.state.answers.nps == 1);
    terminal.does(event::PhoneSealed{taken.id, "LATE"});
    CHECK(terminal.state.phone == Phone{});
}

TEST_CASE("a code that nobody takes is warned about and wiped, and the warning can be answered") {
    Terminal terminal;
    terminal.starts().does(event::Scored{4});
    terminal.takes_phone();
    terminal.waits(119'999ms);
    CHECK(terminal.screen() == "phone");
    terminal.waits(1ms);
    REQUIRE(terminal.screen() == "idle");
    terminal.does(event::Stayed{});
    CHECK(terminal.screen() == "phone");
    terminal.waits(150'000ms);
    CHECK(terminal.screen() == "attract");
    CHECK(terminal.is_pristine());
    CHECK(terminal.saves.empty());
}

TEST_CASE("answers and text keys do nothing while the code shows") {
    Terminal terminal;
    terminal.starts();
    terminal.takes_phone();
    const State before = terminal.state;
    for (const Event& event :
         {Event(event::Scored{5}), Event(event::Typed{U'a'}), Event(event::Next{}),
          Event(event::Skipped{}), Event(event::Started{Language::sv}),
          Event(event::PhonePressed{Language::sv})}) {
        terminal.does(event);
    }
    State after = terminal.state;
    after.last_activity = before.last_activity;
    CHECK(after == before);
}
