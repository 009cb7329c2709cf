#include "kiosk/flow/flow.hpp"

#include <algorithm>
#include <utility>

#include "kiosk/flow/activity.hpp"
#include "kiosk/flow/attract.hpp"
#include "kiosk/flow/people.hpp"
#include "kiosk/flow/phone.hpp"
#include "kiosk/flow/rest.hpp"
#include "kiosk/flow/saving.hpp"
#include "kiosk/flow/text_entry.hpp"
#include "kiosk/flow/timing.hpp"
#include "kiosk/flow/vigilance.hpp"

namespace kaiku::flow {

namespace {

using effect::Ending;
using survey::QuestionKind;

/// One step in the making. Handlers that do not fit the present screen return without a change.
class Stepper {
  public:
    Stepper(const Setup& setup, State state, const Inputs& inputs)
        : setup_(setup), inputs_(inputs), state_(std::move(state)) {}

    void operator()(const event::Started& e) {
        if (state_.screen != Screen::attract) return;
        take_staff_choice(setup_, state_);
        if (!survey::first_question(instrument(), {})) return;
        state_.id = survey::ResponseId::from_random(inputs_.random);
        state_.language = e.language;
        if (asks_who(setup_)) {
            state_.answers_page = 0;
            show(Screen::who);
        } else {
            begin();
        }
    }

    void operator()(const event::WhoChosen& e) {
        if (state_.screen == Screen::who && choose_kind(setup_, state_, e.kind)) begin();
    }
    void operator()(const event::AssistedPressed&) {
        if (state_.screen == Screen::who && setup_.ask_assisted) state_.assisted = !state_.assisted;
    }
    void operator()(const event::PlainPressed&) {
        if (state_.screen == Screen::who && offers_plain(setup_)) state_.plain = !state_.plain;
    }

    void operator()(const event::Scored& e) {
        if (asks(QuestionKind::nps) && e.score >= 0 && e.score <= 10) state_.answers.nps = e.score;
    }
    void operator()(const event::Rated& e) {
        if (!asks(QuestionKind::statement) || e.value < 1 || e.value > 5) return;
        state_.answers.cant_say.erase(question()->key);
        state_.answers.statements[question()->key] = e.value;
    }
    void operator()(const event::CantSay&) {
        if (!asks(QuestionKind::statement) || !question()->cant_say) return;
        state_.answers.statements.erase(question()->key);
        state_.answers.cant_say[question()->key] = true;
    }

    void operator()(const event::Chosen& e) {
        if (!asks(QuestionKind::choice)) return;
        const auto& options = question()->options;
        const auto found = std::ranges::find(options, e.option, &survey::ChoiceOption::key);
        if (found != options.end()) state_.answers.choices[question()->key] = e.option;
    }

    void operator()(const event::PageTurned& e) {
        if (question() == nullptr && state_.screen != Screen::who) return;
        state_.answers_page = std::max(e.page, 0);
        state_.focus.clear();
    }
    void operator()(const event::EditOpened&) { state_.editing = text() != nullptr; }
    void operator()(const event::EditClosed&) {
        state_.editing = false;
        state_.focus.clear();
    }

    void operator()(const event::Typed& e) {
        if (auto* written = text()) type(state_, *written, e.character, question()->max_characters);
    }
    void operator()(const event::Backspaced&) {
        if (auto* written = text()) backspace(state_, *written);
    }
    void operator()(const event::Cleared&) {
        if (auto* written = text()) clear(state_, *written);
    }
    void operator()(const event::ShiftPressed&) {
        if (text() != nullptr) state_.shift = !state_.shift;
    }
    void operator()(const event::PagePressed&) {
        if (text() == nullptr) return;
        state_.key_page = state_.key_page == KeyPage::letters ? KeyPage::symbols : KeyPage::letters;
    }

    void operator()(const event::Skipped&) {
        if (question() == nullptr) return;
        drop_answer();
        go_on();
    }
    void operator()(const event::Next&) {
        if (question() != nullptr) go_on();
    }

    void operator()(const event::Back&) {
        if (state_.screen == Screen::who) return wipe();
        if (state_.screen == Screen::phone) return leave_phone();
        if (question() == nullptr) return;
        const auto previous =
            survey::previous_question(instrument(), state_.question, state_.answers);
        if (previous) {
            enter_question(*previous);
        } else if (asks_who(setup_)) {
            state_.answers_page = 0;
            show(Screen::who);
        } else {
            wipe();
        }
    }

    void operator()(const event::LanguageChosen& e) {
        const bool in_all_languages =
            state_.screen == Screen::attract || state_.screen == Screen::out_of_service;
        if (!in_all_languages) state_.language = e.language;
    }

    void operator()(const event::SizeChanged& e) {
        const int size =
            std::clamp(static_cast<int>(state_.size) + e.steps, 0, static_cast<int>(TextSize::xl));
        state_.size = static_cast<TextSize>(size);
    }

    void operator()(const event::ContrastPressed&) {
        switch (state_.theme) {
            case Theme::standard:
                state_.theme = Theme::contrast_dark;
                return;
            case Theme::contrast_dark:
                state_.theme = Theme::contrast_light;
                return;
            case Theme::contrast_light:
                state_.theme = Theme::standard;
                return;
        }
    }

    void operator()(const event::PhonePressed& e) {
        if (!may_take_phone(setup_, state_)) return;
        if (auto sealing = start_phone(setup_, state_, e.language, inputs_.wall)) {
            effects_.emplace_back(std::move(*sealing));
        }
        show(Screen::phone);
    }
    void operator()(const event::PhoneTaken&) {
        if (state_.screen == Screen::phone) wipe(Ending::moved);
    }
    void operator()(const event::PhoneSealed& e) {
        if (!awaits_seal(state_, e.id)) return;
        state_.phone.link = survey_link(setup_, state_) + "?t=" + e.sealed;
    }
    void operator()(const event::PhoneFailed& e) {
        if (awaits_seal(state_, e.id)) leave_phone();
    }

    void operator()(const event::LoweredPressed&) { state_.lowered = !state_.lowered; }
    void operator()(const event::ToolsPressed&) {
        if (state_.screen == Screen::saving) return;
        state_.tools_open = !state_.tools_open;
        state_.focus.clear();
    }
    void operator()(const event::Focused& e) {
        state_.focus = e.id;
        state_.by_keys = true;
    }

    void operator()(const event::Stayed&) {
        state_.idle_warning = false;
        state_.focus.clear();
    }
    void operator()(const event::Left&) {
        if (state_.idle_warning) wipe();
    }
    void operator()(const event::Finished&) {
        if (state_.screen == Screen::thanks) wipe();
    }

    void operator()(const event::SaveRetried&) {
        if (state_.screen == Screen::save_failed) submit();
    }
    void operator()(const event::SaveAbandoned&) {
        if (state_.screen == Screen::save_failed) wipe();
    }

    void operator()(const event::Touched&) {}

    void operator()(const event::Ticked&) {
        switch (state_.screen) {
            case Screen::saving:
                if (!is_overdue(setup_, state_, inputs_.now)) return;
                state_.storage_hangs = true;
                return show_failure();
            case Screen::staff:
                return tick_staff(setup_, state_, inputs_);
            case Screen::attract:
            case Screen::out_of_service:
                if (is_adjusted(setup_, state_) &&
                    inputs_.now >= state_.last_activity + quiet_time(setup_, state_)) {
                    wipe();
                } else {
                    refresh_attract(setup_, state_, inputs_);
                }
                return tick_staff(setup_, state_, inputs_);
            case Screen::thanks:
                if (inputs_.now >= state_.screen_since + thanks_time(setup_, state_)) wipe();
                return;
            case Screen::who:
            case Screen::question:
            case Screen::phone:
            case Screen::save_failed:
                break;
        }
        const Instant warned_at = state_.last_activity + quiet_time(setup_, state_);
        if (inputs_.now >= warned_at + warning_time(setup_, state_)) {
            wipe(Ending::timed_out);
        } else if (inputs_.now >= warned_at) {
            if (!state_.idle_warning) warn();
        }
    }

    void operator()(const event::Saved& e) {
        note_word_of_store(state_);
        open_or_close();
        const bool waits = state_.screen == Screen::saving || state_.screen == Screen::save_failed;
        if (!waits || state_.id != e.id) return;
        const bool answered = !state_.answers.empty() || !state_.contact.empty();
        forget_answers();
        state_.idle_warning = false;
        show(Screen::thanks);
        effects_.emplace_back(effect::Wiped{answered ? Ending::answered : Ending::skipped});
    }

    void operator()(const event::SaveFailed& e) {
        note_word_of_store(state_);
        if (e.full) state_.storage_full = true;
        open_or_close();
        if (state_.screen == Screen::saving && state_.id == e.id) show_failure();
    }

    void operator()(const event::StorageChanged& e) {
        state_.storage_full = e.full;
        open_or_close();
    }

    /// What is heard rather than seen: the volume and the like.
    template <class Heard>
    auto operator()(const Heard& e) -> decltype(hear(std::declval<Hearing&>(), e)) {
        hear(state_.hearing, e);
    }

    void operator()(const event::Staff& e) {
        std::vector<StaffRequest> requests;
        step_staff(setup_, state_, e.what, inputs_, requests);
        for (auto& asked : requests) effects_.emplace_back(effect::Staff{std::move(asked)});
    }

    Step finish() && { return {std::move(state_), std::move(effects_)}; }
    State& state() { return state_; }

  private:
    const survey::Instrument& instrument() const { return instrument_of(setup_, state_); }
    const survey::Question* question() const { return current_question(setup_, state_); }
    bool asks(QuestionKind kind) const { return question() != nullptr && question()->kind == kind; }
    std::string* text() { return question() == nullptr ? nullptr : text_of(*question(), state_); }

    void show(Screen screen) {
        state_.screen = screen;
        state_.screen_since = inputs_.now;
        state_.tools_open = false;
        state_.focus.clear();
    }

    void begin() {
        if (instrument().read_aloud) state_.hearing.on = true;
        if (const auto first = survey::first_question(instrument(), state_.answers)) {
            enter_question(*first);
        }
    }

    /// By text and by sound (A11). The voice is the sound where it is on (A17).
    void warn() {
        state_.idle_warning = true;
        state_.focus.clear();
        state_.hearing.paused = false;  // a warning that is not heard would be none
        if (!state_.hearing.on && setup_.chime) effects_.emplace_back(effect::Chime{*setup_.chime});
    }

    /// Back to where the phone was asked for, with everything as it was.
    void leave_phone() {
        if (!state_.phone.carries) return wipe();
        state_.phone = {};
        show(Screen::question);
    }

    void enter_question(std::size_t index) {
        state_.question = index;
        state_.answers_page = 0;
        show(Screen::question);
        prepare_keyboard(state_, text());
    }

    void go_on() {
        const auto next = survey::next_question(instrument(), state_.question, state_.answers);
        if (next) {
            enter_question(*next);
        } else {
            submit();
        }
    }

    void drop_answer() {
        const survey::Question& asked = *question();
        if (auto* written = text()) scrub(*written);
        if (asked.kind == QuestionKind::nps) state_.answers.nps.reset();
        state_.answers.statements.erase(asked.key);
        state_.answers.cant_say.erase(asked.key);
        state_.answers.choices.erase(asked.key);
    }

    void submit() {
        effects_.emplace_back(submission(setup_, state_, inputs_));
        show(Screen::saving);
    }

    /// An answer that is not kept, or not yet: the visitor is told, and may try again.
    void show_failure() {
        show(Screen::save_failed);
        state_.last_activity = inputs_.now;
    }

    /// Closed while no answer can be kept, and open again once one can.
    void open_or_close() {
        const bool waits =
            state_.screen == Screen::attract || state_.screen == Screen::out_of_service;
        if (waits && state_.screen != first_screen(state_)) show(first_screen(state_));
    }

    void forget_answers() {
        scrub(state_.answers.text);
        scrub(state_.contact);
        state_.answers = {};
        state_.id.reset();
        state_.editing = false;
        state_.answers_page = 0;
        state_.shift = false;
        state_.key_page = KeyPage::letters;
        state_.question = 0;
    }

    /// Back to the first screen with nothing left of the visitor.
    void wipe(Ending how = Ending::skipped) {
        const auto ended = state_.id ? std::optional(how) : std::nullopt;
        forget_answers();
        rest(setup_, state_, inputs_);
        effects_.emplace_back(effect::Wiped{ended});
    }

    const Setup& setup_;
    const Inputs& inputs_;
    State state_;
    std::vector<Effect> effects_;
};

}  // namespace

Step step(const Setup& setup, State state, const Event& event, const Inputs& inputs) {
    KAIKU_ASSERT(setup.instrument != nullptr);
    if (state.idle_warning && !passes_warning(event)) return {std::move(state), {}};
    Stepper stepper(setup, std::move(state), inputs);
    if (is_activity(event) && !stepper.state().idle_warning) {
        stepper.state().last_activity = inputs.now;
    }
    end_pause(stepper.state().hearing, event);
    notice(stepper.state(), event, inputs);
    std::visit(stepper, event);
    if (std::holds_alternative<event::Stayed>(event)) {
        stepper.state().last_activity = inputs.now;
    }
    return std::move(stepper).finish();
}

}  // namespace kaiku::flow
