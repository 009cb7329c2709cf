#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "survey/result.hpp"
#include "survey/words.hpp"

namespace kaiku::survey {

/// A random (version 4) UUID in lower-case text form, 36 characters.
class ResponseId {
  public:
    /// Makes an id from 16 random bytes (version and variant bits are set here).
    static ResponseId from_random(std::span<const std::uint8_t, 16> random) noexcept;
    /// Accepts any RFC 4122 version 4 text, upper or lower case; stores lower case.
    static std::optional<ResponseId> parse(std::string_view text);

    const std::string& text() const noexcept { return text_; }
    // clang-tidy 14 takes the generated comparison with zero for a pointer.
    auto operator<=>(const ResponseId&) const = default;  // NOLINT(modernize-use-nullptr)

  private:
    explicit ResponseId(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// Seconds resolution UTC time. Responses carry it rounded down to the hour.
using UtcSeconds = std::chrono::sys_seconds;
UtcSeconds floor_to_hour(UtcSeconds time) noexcept;
/// The hour of `time`, or the nearest one that the wire format knows: of 2000-01-01 or 2199-12-31.
/// A device whose clock is lost dates its answers there, where anybody sees that it was.
UtcSeconds hour_on_the_wire(UtcSeconds time) noexcept;
/// "2026-11-22T14:00:00Z".
std::string format_rfc3339(UtcSeconds time);
/// Any RFC 3339 date-time with offset or Z; fractions are cut; nothing if it is not one or lies
/// outside the years 2000–2199.
std::optional<UtcSeconds> parse_rfc3339(std::string_view text);

/// What was answered, by question key. A missing key is a skipped question.
struct Answers {
    std::optional<int> nps;                      ///< 0–10
    std::map<std::string, int> statements;       ///< 1–5
    std::map<std::string, bool> cant_say;        ///< keys answered "can't say" (value always true)
    std::map<std::string, std::string> choices;  ///< option key
    std::string text;                            ///< open text, masked before it leaves the flow

    bool empty() const noexcept {
        return !nps && statements.empty() && cant_say.empty() && choices.empty() && text.empty();
    }
    friend bool operator==(const Answers&, const Answers&) = default;
};

/// Whether a response looks like play (survey/misuse.hpp). Names of flags, so that a newer device's
/// arrive unharmed.
struct Verdict {
    std::set<std::string> flags;  ///< [a-z][a-z0-9_]{0,31}
    int rule = 0;                 ///< version of the rule that judged; 0: nobody did
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// What the device's clocks said when somebody answered, beside the wall clock's hour.
struct ClockReading {
    int boot = 0;          ///< which start of the device, from 0; equal ones are the same
    int up_min = 0;        ///< whole minutes since then, sleep counted
    bool trusted = false;  ///< the wall clock was synchronised
    friend bool operator==(const ClockReading&, const ClockReading&) = default;
};

/// How far an answer's hour is to be believed.
enum class TimeKind {
    unsaid,     ///< the device said nothing of its clocks
    trusted,    ///< its wall clock was synchronised
    corrected,  ///< it was not; central worked the hour out from the time since the answer
    uncertain   ///< it was not, and it was started anew since: the hour is as it said
};
std::string_view to_string(TimeKind kind) noexcept;
std::optional<TimeKind> time_kind_from(std::string_view text) noexcept;

/// The hour of an answer: as said, or worked out from the device's present reading at `now` if that
/// is of the same start. Never by comparing wall clocks, which may have been set in between.
struct JudgedTime {
    UtcSeconds answered_at{};
    TimeKind kind = TimeKind::unsaid;
    friend bool operator==(const JudgedTime&, const JudgedTime&) = default;
};
JudgedTime judge_time(UtcSeconds said, const std::optional<ClockReading>& then,
                      const std::optional<ClockReading>& present, UtcSeconds now) noexcept;

/// One respondent's answers to one version of one instrument.
struct Response {
    ResponseId id;
    std::string instrument;
    int version = 1;
    std::string unit;
    Channel channel = Channel::kiosk;
    Language language = Language::fi;
    RespondentKind respondent = RespondentKind::adult;
    bool assisted = false;
    UtcSeconds answered_at{};
    Answers answers;
    /// Wish to be contacted, with contact details. It travels with the response and is stored
    /// apart from it at central, without the response's id.
    std::string contact;
    Verdict misuse{};
    std::optional<ClockReading> clock{};  ///< from the device to central; not kept there
    TimeKind time = TimeKind::unsaid;     ///< central's word on answered_at

    friend bool operator==(const Response&, const Response&) = default;
};

}  // namespace kaiku::survey
