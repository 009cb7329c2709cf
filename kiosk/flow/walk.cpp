#include "kiosk/flow/walk.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "kiosk/flow/people.hpp"
#include "kiosk/flow/phone.hpp"
#include "kiosk/flow/staff_walk.hpp"
#include "kiosk/flow/timing.hpp"

namespace kaiku::flow {

namespace {

constexpr std::size_t kBytesOfPage =
    90;  ///< of a question, on the smallest panel in the largest text

State visiting(const Setup& setup, Screen screen) {
    State state;
    state.screen = screen;
    state.language = setup.first_language;
    if (screen != Screen::attract && screen != Screen::out_of_service) {
        state.id = survey::ResponseId::from_random(std::array<std::uint8_t, 16>{});
    }
    return state;
}

/// The same question with an answer.
State answered(const survey::Question& question, State state) {
    switch (question.kind) {
        case survey::QuestionKind::nps:
            state.answers.nps = 9;
            break;
        case survey::QuestionKind::statement:
            state.answers.statements[question.key] = 4;
            break;
        case survey::QuestionKind::choice:
            state.answers.choices[question.key] = question.options.front().key;
            break;
        case survey::QuestionKind::open_text:
            state.answers.text = "Kiitos ystävällisyydestä!";
            break;
        case survey::QuestionKind::contact:
            state.contact = "040 123 4567";
            break;
    }
    return state;
}

/// `asked` has a visitor of one kind; `mark` tells its screens from those of the first instrument.
void add_question(const Setup& setup, const State& asked, const std::string& mark,
                  std::vector<Appearance>& found) {
    const std::size_t index = asked.question;
    const survey::Question& question = *current_question(setup, asked);
    const State& plain = asked;
    const std::string name = screen_name(setup, plain) + mark;
    found.push_back({name, plain});
    const State chosen = answered(question, plain);
    found.push_back({name + ".chosen", chosen});
    // A panel may need as many pages as there are options, and some for a long text; the screens
    // stop at their last one.
    const std::size_t pages = std::max<std::size_t>(question.options.size(), 1) +
                              question.text.in(plain.language).size() / kBytesOfPage;
    for (std::size_t page = 1; page <= pages; ++page) {
        State turned = page > 1 ? chosen : plain;
        turned.answers_page = static_cast<int>(page);
        found.push_back({name + ".more" + (page > 1 ? std::to_string(page) : ""), turned});
    }
    const bool writes = question.kind == survey::QuestionKind::open_text ||
                        question.kind == survey::QuestionKind::contact;
    if (writes) {
        State keyboard = chosen;
        keyboard.editing = true;
        found.push_back({name + ".keyboard", keyboard});
        keyboard.key_page = KeyPage::symbols;
        found.push_back({name + ".symbols", keyboard});
    }
    if (index == 0) {
        State tools = plain;
        tools.tools_open = true;
        found.push_back({"tools." + name, tools});
        State listening = plain;
        listening.hearing.on = true;
        found.push_back({name + ".listening", listening});
        listening.tools_open = true;
        found.push_back({"tools." + name + ".listening", listening});
        listening.hearing.paused = true;
        found.push_back({"tools." + name + ".paused", listening});
    }
    State warned = chosen;
    warned.idle_warning = true;
    warned.last_activity = -quiet_time(setup, warned);  // at time zero the countdown has just begun
    // One countdown over each kind of screen is enough: the first question and whatever is written.
    if (index == 0 || writes) found.push_back({writes ? "idle." + name : "idle" + mark, warned});
}

/// Every question of every instrument that somebody here may be asked, each instrument once.
void add_questions(const Setup& setup, std::vector<Appearance>& found) {
    std::vector<const survey::Instrument*> seen;
    const auto add = [&](std::optional<survey::RespondentKind> kind, bool in_plain_words) {
        State state = visiting(setup, Screen::question);
        state.respondent = kind;
        state.plain = in_plain_words;
        const survey::Instrument& asked = instrument_of(setup, state);
        if (std::find(seen.begin(), seen.end(), &asked) != seen.end()) return;
        const std::string mark = seen.empty() ? std::string() : "@" + asked.id;
        seen.push_back(&asked);
        for (state.question = 0; state.question < asked.questions.size(); ++state.question) {
            add_question(setup, state, mark, found);
        }
    };
    if (setup.people.empty()) add(std::nullopt, false);
    for (const Offer& offer : setup.people) {
        add(offer.kind, false);
        add(offer.kind, true);
    }
}

void add_who(const Setup& setup, std::vector<Appearance>& found) {
    if (!asks_who(setup)) return;
    State state = visiting(setup, Screen::who);
    found.push_back({"who", state});
    state.assisted = setup.ask_assisted;
    state.plain = offers_plain(setup);
    found.push_back({"who.chosen", state});
    // A page for each kind and both wishes at most; the screen stops at its last one.
    for (std::size_t page = 1; page < setup.people.size() + 2; ++page) {
        state.answers_page = static_cast<int>(page);
        found.push_back({"who.more" + (page > 1 ? std::to_string(page) : ""), state});
    }
    State warned = visiting(setup, Screen::who);
    warned.idle_warning = true;
    warned.last_activity = -quiet_time(setup, warned);
    found.push_back({"idle.who", warned});
}

/// The code that only opens the survey, the coarsest that carries answers, and the finest with a
/// word about what stays behind. A seal adds 53 bytes and is written in base 32.
void add_phone(const Setup& setup, std::vector<Appearance>& found) {
    State plain = visiting(setup, Screen::phone);
    plain.id.reset();
    plain.phone.link = survey_link(setup, plain);
    found.push_back({"phone", plain});
    State carrying = visiting(setup, Screen::phone);
    survey::TakeAlong taken = half_done(setup, carrying, survey::UtcSeconds{});
    const auto sealed_link = [&] {
        const std::size_t bytes =
            53 + survey::encode_take_along(instrument_of(setup, carrying), taken).size();
        std::string link = survey_link(setup, carrying) + "?t=";
        for (std::size_t i = 0; i < (bytes * 8 + 4) / 5; ++i) {
            link += static_cast<char>('A' + i * i % 23);
        }
        return link;
    };
    carrying.phone = {.carries = true, .left_out = false, .link = sealed_link()};
    found.push_back({"phone.carries", carrying});
    taken.answers.text = std::string(survey::kMaxTakenTextBytes, 'x');
    carrying.phone = {.carries = true, .left_out = true, .link = sealed_link()};
    found.push_back({"phone.left_out", carrying});
}

}  // namespace

std::vector<Appearance> every_appearance(const Setup& setup) {
    std::vector<Appearance> found;
    const auto add = [&](Screen screen) {
        const State state = visiting(setup, screen);
        found.push_back({screen_name(setup, state), state});
        State tools = state;
        tools.tools_open = true;
        if (screen == Screen::attract) found.push_back({"tools", tools});
    };
    // Walks the enumeration with a switch, so that the compiler names a screen added later.
    for (auto screen = Screen::attract;;) {
        switch (screen) {
            case Screen::attract:
                add(screen);
                found.push_back({"attract.night", visiting(setup, Screen::attract)});
                found.back().state.attract = {.beat = 5, .dimmed = true};
                screen = Screen::who;
                break;
            case Screen::who:
                add_who(setup, found);
                screen = Screen::question;
                break;
            case Screen::question:
                add_questions(setup, found);
                screen = Screen::saving;
                break;
            case Screen::saving:
                add(screen);
                screen = Screen::save_failed;
                break;
            case Screen::save_failed:
                add(screen);
                screen = Screen::thanks;
                break;
            case Screen::thanks:
                add(screen);
                screen = Screen::phone;
                break;
            case Screen::phone:
                if (offers_phone(setup)) add_phone(setup, found);
                screen = Screen::out_of_service;
                break;
            case Screen::out_of_service:
                add(screen);
                screen = Screen::staff;
                break;
            case Screen::staff:
                if (setup.staff.offered) add_staff_appearances(setup, found);
                return found;
        }
    }
}

}  // namespace kaiku::flow
