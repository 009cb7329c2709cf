#pragma once

#include <array>
#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kiosk/flow/one_of.hpp"
#include "survey/instrument.hpp"
#include "survey/misuse.hpp"
#include "survey/response.hpp"
#include "survey/words.hpp"

/// What belongs to the staff: the PIN, the staff view, and handing a staff device over. Pure. A
/// part of flow.hpp, which calls it; nothing here can tell what anyone answered.
namespace kaiku::flow {

using Instant = std::chrono::milliseconds;
struct Setup;
struct State;
struct Inputs;

/// Digits a PIN may have.
inline constexpr std::size_t kLeastPinDigits = 4;
inline constexpr std::size_t kMostPinDigits = 12;

/// A unit that the device may collect for.
struct StaffUnit {
    std::string code;
    std::string name;  ///< empty: the code is shown
    std::string link;  ///< of its `/s/<link>` address; empty: the code
    /// What adults and youths of this unit are asked; nullptr: as everybody. Outlives the set-up.
    const survey::Instrument* asked = nullptr;
    const std::string& shown() const noexcept { return name.empty() ? code : name; }
    const std::string& linked() const noexcept { return link.empty() ? code : link; }
    friend bool operator==(const StaffUnit&, const StaffUnit&) = default;
};

/// What the configuration says about the staff's side of a device.
/// What a staff device was handed over for.
struct StaffChoice {
    std::vector<std::string> units;  ///< codes, last used first
    std::optional<survey::RespondentKind> respondent;
    friend bool operator==(const StaffChoice&, const StaffChoice&) = default;
};

struct StaffSetup {
    bool offered = false;          ///< a PIN is set: the first screen shows the way in
    bool device = false;           ///< a staff device: handed over and given back
    bool camera = false;           ///< there is one to read codes with
    std::vector<StaffUnit> units;  ///< that may be chosen; the device's own one if empty
    std::vector<std::string> instruments;
    StaffChoice remembered;                      ///< from before the last restart
    std::chrono::milliseconds idle{60'000};      ///< staff screens close by themselves after this
    std::chrono::milliseconds cleaning{60'000};  ///< locked for wiping the glass
    std::chrono::milliseconds change{300'000};   ///< after the PIN, the unit may be changed freely
    std::chrono::milliseconds waiting{600'000};  ///< handed over, but nobody starts
};

enum class StaffPage {
    pin,
    home,      ///< staff device: unit and respondent
    camera,    ///< staff device: the camera looks for a unit's code
    returned,  ///< staff device: given back; the neutral screen
    view,      ///< how the terminal does
    tools,
    settings,
    hours,  ///< opening hours
    cleaning,
    touch_test,
    panel,  ///< measuring the glass
    log,
    code,  ///< what is this terminal running, signed
};

/// Cells of the touch test.
inline constexpr std::size_t kTouchCells = 24;

/// Whose a scanned code is.
struct ScannedCode {
    enum class Kind {
        none,
        unit,          ///< `unit` says which
        unknown_unit,  ///< our own link, but not of a unit of this device
        foreign,       ///< not ours, or damaged
        no_camera,     ///< the camera cannot be used
    };
    Kind kind = Kind::none;
    std::string unit;
    friend bool operator==(const ScannedCode&, const ScannedCode&) = default;
};

enum class SoundState { unknown, present, absent };
enum class ClockState { unknown, synchronised, free_running };

/// How the last attempt to reach central came out.
enum class LinkState {
    unknown,       ///< none was made yet
    good,          ///< central answers
    not_enrolled,  ///< there is nobody to send to
    unreachable,   ///< no usable answer came
    not_accepted,  ///< central does not know this device, or another key of it
    revoked,       ///< an operator revoked this device
    forged         ///< the answer was not signed by central
};

/// How the terminal does, gathered outside. Absent: not known.
struct StaffFacts {
    std::string device;
    std::string version;
    std::string instrument;
    bool verified = false;  ///< every wording of the instrument was checked
    std::optional<std::int64_t> waiting;
    std::optional<std::int64_t> refused;
    std::optional<survey::UtcSeconds> last_sync;
    LinkState link = LinkState::unknown;
    int utc_offset_min = 0;  ///< of local time, for showing
    std::optional<survey::UtcSeconds> wall;
    ClockState clock = ClockState::unknown;
    std::optional<std::int64_t> free_mib;
    std::optional<int> certificate_days;
    std::int64_t shown = 0, started = 0, stored = 0;  ///< today
    SoundState sound = SoundState::unknown;
    friend bool operator==(const StaffFacts&, const StaffFacts&) = default;
};

/// A panel's size on trial: the bar on the screen is as long as a bank card when it is right.
struct PanelTrial {
    double width_mm = 0;
    double height_mm = 0;
    int rotation = 0;  ///< degrees clockwise: 0, 90, 180, 270
    friend bool operator==(const PanelTrial&, const PanelTrial&) = default;
};

/// The staff's part of flow::State.
struct StaffState {
    StaffPage page = StaffPage::pin;
    StaffPage wanted = StaffPage::view;  ///< opens once the PIN is right
    std::string pin;                     ///< typed so far; scrubbed when it is sent or left
    bool checking = false;
    bool wrong = false;        ///< the last try was
    Instant locked_until{0};   ///< no try before
    bool trusted = false;      ///< came in by the PIN, not by the free time after it
    bool handed_over = false;  ///< staff device: a client may hold it
    Instant opened_at{0};      ///< when the PIN was last right
    bool ever_opened = false;
    std::string unit;        ///< chosen for the next clients; empty: the device's own
    std::string instrument;  ///< asked for by settings, used after a restart
    survey::RespondentKind respondent = survey::RespondentKind::adult;
    bool assisted = false;
    StaffChoice used;   ///< of the last hand-overs; kept through restarts
    int list_page = 0;  ///< of a list too long for the panel
    std::bitset<kTouchCells> touched;
    PanelTrial panel;
    survey::OpeningWeek hours{};  ///< on trial
    std::size_t day = 0;          ///< 0 is Monday
    bool saved = false;           ///< settings or panel were kept
    StaffFacts facts;
    std::vector<std::string> log;
    std::string code;  ///< contents of the signed code; empty until it is made
    ScannedCode::Kind scanned = ScannedCode::Kind::none;  ///< what is wrong with the last one

    friend bool operator==(const StaffState&, const StaffState&) = default;
};

// What staff does, and what comes back from outside. Those that do not fit are explicit no-ops.
namespace staff {
struct Entered {};  ///< the way in was pressed
struct Digit {
    char digit;
};
struct DigitTaken {};
struct PinGiven {};
enum class Verdict { opened, wrong, locked };
/// `wait` is how long no try will be heard.
struct PinChecked {
    Verdict verdict;
    std::chrono::milliseconds wait;
};
struct Up {};  ///< back: one level towards the visitors' screen
struct PageOpened {
    StaffPage page;
};
struct ListTurned {
    int page;
};
struct UnitChosen {
    std::string code;
};
struct InstrumentChosen {
    std::string id;
};
struct RespondentChosen {
    survey::RespondentKind kind;
};
struct AssistedChosen {
    bool assisted;
};
struct LanguageOrdered {
    survey::Language first;
};
struct HandedOver {};
struct NextClient {};
struct Change {};  ///< on the neutral screen: another unit
struct CellTouched {
    std::size_t cell;
};
/// The bar was longer or shorter than the card: grows the panel's millimetres by 0.1 mm of the bar.
struct PanelFitted {
    int steps;
};
struct Turned {
    int rotation;
};
struct PanelKept {};
struct DayChosen {
    std::size_t day;
};
/// Half hours; `end`: of closing rather than opening.
struct HoursMoved {
    bool end;
    int steps;
};
struct DayToggled {};
struct HoursKept {};
struct ToneAsked {};
struct SendAsked {};
struct RestartAsked {};
struct FactsCame {
    StaffFacts facts;
};
struct LogCame {
    std::vector<std::string> lines;
};
struct CodeCame {
    std::string code;
};
struct PanelCame {
    PanelTrial panel;
};
/// A reader or the camera brought a code.
struct Scanned {
    ScannedCode code;
};
struct CameraAsked {};
struct CameraFailed {};
/// What became of the last sound.
struct SoundCame {
    SoundState sound;
};
}  // namespace staff
using AnyStaffEvent = std::variant<
    staff::Entered, staff::Digit, staff::DigitTaken, staff::PinGiven, staff::PinChecked, staff::Up,
    staff::PageOpened, staff::ListTurned, staff::UnitChosen, staff::InstrumentChosen,
    staff::RespondentChosen, staff::AssistedChosen, staff::LanguageOrdered, staff::HandedOver,
    staff::NextClient, staff::Change, staff::CellTouched, staff::PanelFitted, staff::Turned,
    staff::PanelKept, staff::DayChosen, staff::HoursMoved, staff::DayToggled, staff::HoursKept,
    staff::ToneAsked, staff::SendAsked, staff::RestartAsked, staff::FactsCame, staff::LogCame,
    staff::CodeCame, staff::PanelCame, staff::Scanned, staff::CameraAsked, staff::CameraFailed,
    staff::SoundCame>;
/// What happened on the staff's side. Copied and destroyed in events.cpp alone: of so many kinds
/// that is long to compile.
struct StaffEvent : AnyStaffEvent {
    template <AlternativeOf<AnyStaffEvent> T>
    StaffEvent(T&& what)
        : AnyStaffEvent(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(what)) {}
    StaffEvent(const StaffEvent& other);
    StaffEvent(StaffEvent&& other) noexcept;
    StaffEvent& operator=(const StaffEvent& other);
    StaffEvent& operator=(StaffEvent&& other) noexcept;
    ~StaffEvent();
};

// What the world is asked to do for the staff.
namespace request {
struct CheckPin {
    std::string pin;
};                       ///< answered by PinChecked; the text is scrubbed by whoever checks it
struct LockStatus {};    ///< answered by PinChecked with locked, or not at all
struct GatherFacts {};   ///< answered by FactsCame
struct ReadLog {};       ///< answered by LogCame
struct SignCode {};      ///< answered by CodeCame
struct MeasurePanel {};  ///< answered by PanelCame
struct KeepUnit {
    std::string code;
};
struct KeepInstrument {
    std::string id;
};
/// Of a staff device, for after a restart.
struct KeepChoice {
    StaffChoice choice;
};
struct KeepLanguage {
    survey::Language first;
};
struct KeepPanel {
    PanelTrial panel;
};
struct KeepOpening {
    survey::OpeningWeek week;
};
struct PlayTone {};
struct SendNow {};
struct Restart {};
}  // namespace request
using AnyStaffRequest =
    std::variant<request::CheckPin, request::LockStatus, request::GatherFacts, request::ReadLog,
                 request::SignCode, request::MeasurePanel, request::KeepUnit,
                 request::KeepInstrument, request::KeepChoice, request::KeepLanguage,
                 request::KeepPanel, request::KeepOpening, request::PlayTone, request::SendNow,
                 request::Restart>;
/// One of them; see StaffEvent.
struct StaffRequest : AnyStaffRequest {
    template <AlternativeOf<AnyStaffRequest> T>
    StaffRequest(T&& what)
        : AnyStaffRequest(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(what)) {}
    StaffRequest(const StaffRequest& other);
    StaffRequest(StaffRequest&& other) noexcept;
    StaffRequest& operator=(const StaffRequest& other);
    StaffRequest& operator=(StaffRequest&& other) noexcept;
    ~StaffRequest();
};

/// One step of the staff's side. `requests` are appended to.
void step_staff(const Setup& setup, State& state, const StaffEvent& event, const Inputs& inputs,
                std::vector<StaffRequest>& requests);

/// Whether the event comes from outside rather than from a finger.
bool is_report(const StaffEvent& event) noexcept;

/// The state a terminal starts in: the first screen, or the PIN on a staff device.
State first_state(const Setup& setup);

/// On a staff device: the client is of the kind that staff chose.
void take_staff_choice(const Setup& setup, State& state);

/// After a visitor is gone: lays what outlives visitors over the fresh state, and on a staff device
/// shows the neutral screen.
void return_to_staff(const Setup& setup, const StaffState& before, State& fresh, Instant now);

/// Out of the staff's screens, with nothing of them left that the next one could see.
void close_staff(const Setup& setup, State& state, const Inputs& inputs);

/// Closes what was left open, counts down. Called by Ticked on staff screens and on the first one.
void tick_staff(const Setup& setup, State& state, const Inputs& inputs);
/// When tick_staff() has something to do.
std::optional<Instant> staff_deadline(const Setup& setup, const State& state, Instant now);

/// Whole seconds until the pad hears again, or until cleaning ends; at least 0.
int staff_seconds_left(const State& state, const StaffSetup& setup, Instant now);

/// "staff_pin", "staff_home" and so on.
std::string_view staff_page_name(StaffPage page) noexcept;

/// Whether the voice reads this screen. The staff's own screens are not read: they show what no
/// recorded clip can know (docs/decisions/). The neutral screen is, as a client still holds it.
bool is_spoken(const State& state) noexcept;

/// The instrument of the unit in use, if that unit has one of its own.
const survey::Instrument* unit_instrument(const Setup& setup, const State& state) noexcept;

/// Whether a scanned code would be heard: on a staff device that waits to be handed over.
bool awaits_code(const Setup& setup, const State& state) noexcept;

/// The unit an answer is about: the one chosen on a staff device, or the device's own.
const std::string& unit_in_use(const Setup& setup, const State& state) noexcept;

}  // namespace kaiku::flow
