#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "kiosk/flow/hearing.hpp"
#include "kiosk/flow/one_of.hpp"
#include "kiosk/flow/staff.hpp"
#include "survey/instrument.hpp"
#include "survey/misuse.hpp"
#include "survey/respondent_flow.hpp"
#include "survey/response.hpp"
#include "survey/take_along.hpp"

/// The terminal as a pure state machine. It alone knows screens, time-outs and order.
namespace kaiku::flow {

/// Monotonic time of the flow; scripts may run it ahead of the wall clock.
using Instant = std::chrono::milliseconds;

enum class Screen {
    attract,         ///< waits for a visitor, all languages at once
    who,             ///< who answers; only where the set-up offers a choice
    question,        ///< State::question says which
    saving,          ///< sent, not yet durable; shown only when it takes long enough to be seen
    save_failed,     ///< could not be kept; offers another try
    thanks,          ///< durable
    phone,           ///< a code that leads to the survey on the visitor's own phone
    out_of_service,  ///< the outbox takes no more
    staff,           ///< State::staff says which page
};

enum class TextSize { s, m, l, xl };
enum class Theme { standard, contrast_dark, contrast_light };
enum class KeyPage { letters, symbols };

/// What Screen::phone shows.
struct Phone {
    bool carries = false;   ///< the code holds a half-done answer; else it only opens the survey
    bool left_out = false;  ///< something that was written stays behind
    std::string link;       ///< what the code says; empty until it is sealed
    friend bool operator==(const Phone&, const Phone&) = default;
};

/// What the attract screen shows beside its invitation.
struct Attract {
    int beat = 0;         ///< minutes since it appeared: where it stands, and which notice
    bool dimmed = false;  ///< at night
    friend bool operator==(const Attract&, const Attract&) = default;
};

/// "You said – we did", in the order of survey::kLanguages.
using Notice = std::array<std::string, survey::kLanguages.size()>;

/// Minutes of the day in which the attract screen is dark; may run over midnight.
struct NightHours {
    int from = 0;
    int to = 0;
};

/// All that the screen depends on. A wiped state equals State{} but for `screen_since` and what
/// belongs to the device: `attract`, `storage_full`, `storage_hangs`, `recent`, and language and
/// theme, which are the set-up's first ones.
struct State {
    Screen screen = Screen::attract;
    std::size_t question = 0;  ///< index into the instrument, meaningful on Screen::question
    survey::Language language = survey::Language::fi;
    std::optional<survey::RespondentKind> respondent;  ///< chosen at the start; none: as set up
    bool assisted = false;                             ///< said at the start: somebody helps
    bool plain = false;  ///< wants plain language, where the instrument has it
    std::string begun;   ///< id of the instrument that the answers are to, once a kind was chosen
    std::optional<survey::ResponseId> id;
    survey::Answers answers;
    std::string contact;
    survey::VisitSigns signs;                ///< for the misuse rule
    std::optional<survey::Verdict> verdict;  ///< once judged
    Attract attract;
    survey::RecentResponses recent;  ///< of the device, not the visitor: survives a wipe
    /// Of a question too long for the panel: 0 the question, from 1 on its answers. The screens
    /// show the last page for a larger number (the text may have become smaller meanwhile).
    int answers_page = 0;
    bool editing = false;  ///< the on-screen keyboard was asked for (panels too small to show both)
    bool shift = false;    ///< the next letter is a capital
    KeyPage key_page = KeyPage::letters;
    TextSize size = TextSize::m;
    Theme theme = Theme::standard;
    Hearing hearing;
    Phone phone;
    bool lowered = false;     ///< everything that can be operated is in the lower half of the glass
    bool tools_open = false;  ///< the sheet with every tool covers the screen
    bool by_keys = false;     ///< keys or switches are in use: the times are longer (A12)
    std::string focus;        ///< id of the widget that the keys have reached; empty: none
    bool idle_warning = false;
    StaffState staff;            ///< behind the PIN, and what outlives a client there
    bool storage_full = false;   ///< attract is replaced by out_of_service
    bool storage_hangs = false;  ///< the same: the store has not said a word in Timeouts::saving
    Instant screen_since{0};     ///< when this screen appeared
    Instant last_activity{0};

    friend bool operator==(const State&, const State&) = default;
};

/// Time-outs (ACCESSIBILITY A12), all configurable.
struct Timeouts {
    std::chrono::milliseconds question{60'000};
    std::chrono::milliseconds text{90'000};
    std::chrono::milliseconds warning{30'000};  ///< from the warning to the wipe, at least 20 s
    std::chrono::milliseconds thanks{8'000};
    std::chrono::milliseconds speech{300'000};         ///< question and text while speech is on
    std::chrono::milliseconds speech_warning{45'000};  ///< warning while speech is on
    std::chrono::milliseconds speech_thanks{20'000};   ///< thanks while speech is on
    std::chrono::milliseconds phone{120'000};          ///< with the code on the screen
    std::chrono::milliseconds saving_visible{400};     ///< saving is shown after this long
    std::chrono::milliseconds saving{20'000};  ///< then the visitor hears that it is not kept yet
};

/// A respondent kind that may answer on this device, and what it is asked.
struct Offer {
    survey::RespondentKind kind = survey::RespondentKind::adult;
    const survey::Instrument* instrument = nullptr;  ///< outlives the flow
    const survey::Instrument* plain = nullptr;       ///< the same in plain language, if offered
};

/// What the device is set up to be; constant while the program runs.
struct Setup {
    /// For whoever `people` has no offer for; outlives the flow. Ask flow::instrument_of() for the
    /// one on the screen.
    const survey::Instrument* instrument = nullptr;
    std::vector<Offer> people;  ///< offered at the start, each kind once; empty: no choice
    bool ask_assisted = false;
    std::string unit;
    survey::Channel channel = survey::Channel::kiosk;
    survey::RespondentKind respondent = survey::RespondentKind::adult;
    bool assisted = false;
    survey::Language first_language = survey::Language::fi;
    Theme first_theme = Theme::standard;         ///< in which each visitor's screen begins
    std::optional<survey::OpeningWeek> opening;  ///< answers outside are flagged; none: always open
    std::optional<NightHours> night;
    std::vector<Notice> notices;  ///< shown in turn on the attract screen
    Timeouts timeouts;
    StaffSetup staff;
    /// Where central serves the survey for phones, "https://palaute.example.fi"; empty: nowhere.
    std::string web_url{};
    /// How loud the idle warning chimes, in steps of Hearing; none: it does not.
    std::optional<int> chime = Hearing{}.volume;
};

// Events, one type each. Those that do not fit the present screen are explicit no-ops.
namespace event {
struct Started {
    survey::Language language;
};
/// who.adult and so on: on to the first question
struct WhoChosen {
    survey::RespondentKind kind;
};
struct AssistedPressed {};  ///< who.assisted, on or off
struct PlainPressed {};     ///< plain, on or off
struct Scored {
    int score;
};  ///< nps.0…nps.10
struct Rated {
    int value;
};                  ///< statement face 1–5
struct CantSay {};  ///< statement
struct Chosen {
    std::string option;
};  ///< choice option key
/// more, and back from there: another page of a question too long for the panel
struct PageTurned {
    int page;
};
struct EditOpened {};  ///< text.edit
struct EditClosed {};  ///< keyboard put away
struct Typed {
    char32_t character;
};  ///< a key; shift is applied by the flow
struct Backspaced {};
struct Cleared {};
struct ShiftPressed {};
struct PagePressed {};  ///< letters ↔ numbers and punctuation
struct Skipped {};      ///< drops the answer and goes on
struct Next {};         ///< nav.next and text.send
struct Back {};
struct LanguageChosen {
    survey::Language language;
};
struct SizeChanged {
    int steps;
};  ///< +1 larger, −1 smaller
struct ContrastPressed {};
struct LoweredPressed {};
struct ToolsPressed {};  ///< opens the sheet with every tool, or closes it
/// The keys or the scanning reached a widget; empty: the focus is gone.
struct Focused {
    std::string id;
    bool automatic = false;  ///< scanning moved on by itself: nobody did anything
};
/// phone: a code for the visitor's own phone, with the half-done answer if there is one
struct PhonePressed {
    survey::Language language;
};
struct PhoneTaken {};  ///< phone.done: "I have it on my phone"
/// The answer to effect::Seal: what the link carries.
struct PhoneSealed {
    survey::ResponseId id;
    std::string sealed;
};
struct PhoneFailed {
    survey::ResponseId id;
};                   ///< it could not be sealed
struct Stayed {};    ///< idle.stay
struct Left {};      ///< idle.leave: wipe now
struct Finished {};  ///< thanks.done
struct SaveRetried {};
struct SaveAbandoned {};
struct Touched {};  ///< a touch that hit nothing
struct Ticked {};   ///< time has passed
struct Saved {
    survey::ResponseId id;
};  ///< durable
struct SaveFailed {
    survey::ResponseId id;
    bool full = false;
};
struct StorageChanged {
    bool full;
};
struct Staff {
    StaffEvent what;
};
}  // namespace event

using AnyEvent = std::variant<
    event::Started, event::WhoChosen, event::AssistedPressed, event::PlainPressed, event::Scored,
    event::Rated, event::CantSay, event::Chosen, event::PageTurned, event::EditOpened,
    event::EditClosed, event::Typed, event::Backspaced, event::Cleared, event::ShiftPressed,
    event::PagePressed, event::Skipped, event::Next, event::Back, event::LanguageChosen,
    event::SizeChanged, event::ContrastPressed, event::LoweredPressed, event::ToolsPressed,
    event::Focused, event::PhonePressed, event::PhoneTaken, event::PhoneSealed, event::PhoneFailed,
    event::Stayed, event::Left, event::Finished, event::SaveRetried, event::SaveAbandoned,
    event::Touched, event::Ticked, event::Saved, event::SaveFailed, event::StorageChanged,
    event::SpeechPressed, event::RepeatPressed, event::PausePressed, event::VolumeChanged,
    event::RateChanged, event::HeadphonesChanged, event::Staff>;
/// What happened; see StaffEvent for why it is no bare variant.
struct Event : AnyEvent {
    Event();
    template <AlternativeOf<AnyEvent> T>
    Event(T&& what) : AnyEvent(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(what)) {}
    Event(const Event& other);
    Event(Event&& other) noexcept;
    Event& operator=(const Event& other);
    Event& operator=(Event&& other) noexcept;
    ~Event();
};

namespace effect {
/// Mask is applied, unasked answers are pruned. Answer with event::Saved or event::SaveFailed.
struct Save {
    survey::Response response;
};
/// How somebody's visit ended; each visit that was started ends once.
enum class Ending {
    answered,   ///< kept, with at least one answer
    skipped,    ///< kept without any, or left by the visitor's own press
    timed_out,  ///< nobody was there any more
    moved       ///< goes on on a phone
};
/// The visitor is gone: every copy of texts outside the state must be zeroed.
struct Wiped {
    std::optional<Ending> ended{};  ///< the visit that this ends, if there was one
};
struct Staff {
    StaffRequest what;
};
/// Two soft notes: the idle warning has appeared, and speech, which would say so, is off.
struct Chime {
    int volume;  ///< as in Hearing
};
/// Seal this to central. Answer with event::PhoneSealed or event::PhoneFailed.
struct Seal {
    survey::ResponseId id;
    std::string plain;  ///< survey::encode_take_along; to be zeroed after use
};
}  // namespace effect
using AnyEffect =
    std::variant<effect::Save, effect::Wiped, effect::Seal, effect::Staff, effect::Chime>;
/// What the world is asked to do.
struct Effect : AnyEffect {
    template <AlternativeOf<AnyEffect> T>
    Effect(T&& what)
        : AnyEffect(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(what)) {}
    Effect(const Effect& other);
    Effect(Effect&& other) noexcept;
    Effect& operator=(const Effect& other);
    Effect& operator=(Effect&& other) noexcept;
    ~Effect();
};

/// What the world contributes to a step.
struct Inputs {
    Instant now{0};
    survey::UtcSeconds wall{};
    std::optional<survey::ClockReading> clock{};
    std::optional<int> local_minute{};      ///< of the local week, 0 is Monday 00:00
    std::array<std::uint8_t, 16> random{};  ///< fresh for every step
};

struct Step {
    State state;
    std::vector<Effect> effects;
};

/// The whole behaviour of the terminal. Pure.
Step step(const Setup& setup, State state, const Event& event, const Inputs& inputs);

/// When Ticked has to come next; nothing when the screen waits for ever. While a countdown shows
/// this is at most a second away.
std::optional<Instant> next_deadline(const Setup& setup, const State& state, Instant now);

/// Whole seconds left on the idle countdown, at least 0.
int countdown_s(const Setup& setup, const State& state, Instant now);

/// The countdown as it is said: the largest of kSpokenSeconds that is still left, so that every
/// sentence has its clip and none promises too much.
int spoken_seconds(int left_s) noexcept;
inline constexpr std::array kSpokenSeconds{5,  10,  15,  20,  30,  45,  60,
                                           90, 120, 180, 240, 300, 420, 600};

/// The question on the screen, or nullptr when the screen is not a question.
const survey::Question* current_question(const Setup& setup, const State& state);

/// True if the question on the screen has an answer (a typed text counts).
bool is_answered(const Setup& setup, const State& state);

/// The contact details, if their question is asked in the end.
std::string asked_contact(const Setup& setup, const State& state);

/// The name scripts and widget dumps use: "attract", "who", "nps", "statement.help", "choice.x",
/// "text", "contact", "tools", "idle", "saving", "save_failed", "thanks",
/// "phone", "out_of_service", "staff_<page>".
std::string screen_name(const Setup& setup, const State& state);

}  // namespace kaiku::flow
