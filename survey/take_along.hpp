#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "survey/instrument.hpp"
#include "survey/response.hpp"
#include "survey/result.hpp"

/// A half-done answer on its way from a terminal to the visitor's own phone. The bytes are made as
/// few as possible, since they stand (sealed) in a QR code; docs/formats/take-along.md has them.
namespace kaiku::survey {

inline constexpr std::uint8_t kTakeAlongFormat = 1;
/// A longer open text stays behind: the code would become too fine for a small panel.
inline constexpr std::size_t kMaxTakenTextBytes = 200;
inline constexpr std::size_t kMaxTakeAlongBytes = 512;
/// How long a code is good, and how far ahead a terminal's clock may be.
inline constexpr std::chrono::minutes kTakeAlongLife{60};
inline constexpr std::chrono::minutes kTakeAlongClockError{10};

struct TakeAlong {
    ResponseId id;
    UtcSeconds made_at{};  ///< kept to the minute
    Language language = Language::fi;
    RespondentKind respondent = RespondentKind::adult;
    bool assisted = false;
    std::string instrument;
    int version = 1;
    /// As far as they were given. The text must be masked; contact details never travel.
    Answers answers;
    friend bool operator==(const TakeAlong&, const TakeAlong&) = default;
};

/// Answers go by their question's place in `instrument`, which must be the one that `taken` names.
/// A text longer than kMaxTakenTextBytes is left out.
std::string encode_take_along(const Instrument& instrument, const TakeAlong& taken);

/// The instrument of this id and version, or nullptr.
using FindInstrument = std::function<const Instrument*(std::string_view id, int version)>;
/// Errc::malformed for bytes that encode_take_along() would not have made, Errc::unsupported for a
/// later format, Errc::not_found when the instrument is not known.
Result<TakeAlong> decode_take_along(std::string_view bytes, const FindInstrument& find);

/// Whether a code made at `made_at` may still be used at `now`.
bool is_take_along_fresh(UtcSeconds made_at, UtcSeconds now) noexcept;

}  // namespace kaiku::survey
