#include "survey/take_along.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "survey/respondent_flow.hpp"
#include "survey/utf8.hpp"

namespace kaiku::survey {

namespace {

constexpr std::size_t kIdBytes = 16;
/// A question's answer is a digit of four bits; nothing given is 0.
constexpr unsigned kCantSay = 6;

char byte(std::uint64_t value) { return static_cast<char>(static_cast<std::uint8_t>(value)); }

void put_number(std::string& out, std::uint64_t value, unsigned bytes) {
    for (unsigned i = bytes; i > 0; --i) out += byte(value >> (8 * (i - 1)));
}

unsigned hex_value(char digit) {
    return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

std::string id_bytes(const ResponseId& id) {
    std::string digits;
    for (const char letter : id.text()) {
        if (letter != '-') digits += letter;
    }
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes += byte(std::uint64_t{hex_value(digits[i])} * 16 + hex_value(digits[i + 1]));
    }
    return bytes;
}

std::optional<ResponseId> id_of(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        const auto value = static_cast<std::uint8_t>(bytes[i]);
        text += kHex[value >> 4U];
        text += kHex[value & 15U];
    }
    return ResponseId::parse(text);
}

/// The four-bit digit of a question's answer.
unsigned digit_of(const Question& question, const Answers& answers) {
    switch (question.kind) {
        case QuestionKind::nps:
            return answers.nps ? static_cast<unsigned>(*answers.nps) + 1 : 0;
        case QuestionKind::statement: {
            if (answers.cant_say.contains(question.key)) return kCantSay;
            const auto found = answers.statements.find(question.key);
            return found == answers.statements.end() ? 0 : static_cast<unsigned>(found->second);
        }
        case QuestionKind::choice: {
            const auto found = answers.choices.find(question.key);
            if (found == answers.choices.end()) return 0;
            for (std::size_t i = 0; i < question.options.size(); ++i) {
                if (question.options[i].key == found->second) return static_cast<unsigned>(i) + 1;
            }
            return 0;
        }
        case QuestionKind::open_text:
        case QuestionKind::contact:
            return 0;
    }
    return 0;
}

/// False when this question has no such answer.
bool take_digit(const Question& question, unsigned digit, Answers& answers) {
    if (digit == 0) return true;
    switch (question.kind) {
        case QuestionKind::nps:
            if (digit > 11) return false;
            answers.nps = static_cast<int>(digit) - 1;
            return true;
        case QuestionKind::statement:
            if (digit == kCantSay && question.cant_say) {
                answers.cant_say[question.key] = true;
                return true;
            }
            if (digit > 5) return false;
            answers.statements[question.key] = static_cast<int>(digit);
            return true;
        case QuestionKind::choice:
            if (digit > question.options.size()) return false;
            answers.choices[question.key] = question.options[digit - 1].key;
            return true;
        case QuestionKind::open_text:
        case QuestionKind::contact:
            return false;
    }
    return false;
}

/// Reads from the front; everything after the first thing that is missing is empty.
class Bytes {
  public:
    explicit Bytes(std::string_view rest) : rest_(rest) {}

    std::string_view take(std::size_t count) {
        if (count > rest_.size()) {
            failed_ = true;
            return {};
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    std::uint64_t number(unsigned bytes) {
        std::uint64_t value = 0;
        for (const char part : take(bytes)) value = value << 8U | static_cast<std::uint8_t>(part);
        return value;
    }
    bool failed() const { return failed_; }
    bool at_end() const { return rest_.empty(); }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

tl::unexpected<Error> malformed() {
    return fail(Errc::malformed, "half-done answer: is none, or was cut");
}

bool read_answers(Bytes& bytes, const Instrument& instrument, Answers& answers) {
    const std::size_t count = instrument.questions.size();
    const std::string_view digits = bytes.take((count + 1) / 2);
    if (bytes.failed()) return false;
    for (std::size_t i = 0; i < count; ++i) {
        const auto pair = static_cast<std::uint8_t>(digits[i / 2]);
        if (!take_digit(instrument.questions[i], i % 2 == 0 ? pair >> 4U : pair & 15U, answers)) {
            return false;
        }
    }
    const bool spare = count % 2 == 1 && (static_cast<std::uint8_t>(digits.back()) & 15U) != 0;
    const auto length = static_cast<std::size_t>(bytes.number(1));
    answers.text = bytes.take(length);
    return !spare && !bytes.failed() && bytes.at_end() && length <= kMaxTakenTextBytes &&
           is_valid_utf8(answers.text) && check_answers(instrument, answers).has_value();
}

}  // namespace

std::string encode_take_along(const Instrument& instrument, const TakeAlong& taken) {
    KAIKU_ASSERT(taken.instrument == instrument.id && taken.version == instrument.version);
    std::string out(1, byte(kTakeAlongFormat));
    out += id_bytes(taken.id);
    const auto minutes =
        std::chrono::floor<std::chrono::minutes>(taken.made_at).time_since_epoch().count();
    put_number(out, static_cast<std::uint64_t>(minutes), 4);
    const auto words = static_cast<unsigned>(taken.language) |
                       static_cast<unsigned>(taken.respondent) << 2U |
                       static_cast<unsigned>(taken.assisted) << 4U;
    out += byte(words);
    put_number(out, static_cast<std::uint64_t>(taken.version), 3);
    out += byte(instrument.id.size());
    out += instrument.id;
    const auto& questions = instrument.questions;
    for (std::size_t i = 0; i < questions.size(); i += 2) {
        const unsigned first = digit_of(questions[i], taken.answers);
        const unsigned second =
            i + 1 < questions.size() ? digit_of(questions[i + 1], taken.answers) : 0;
        out += byte(first << 4U | second);
    }
    const bool fits = taken.answers.text.size() <= kMaxTakenTextBytes;
    const std::string_view text = fits ? std::string_view(taken.answers.text) : std::string_view();
    out += byte(text.size());
    out += text;
    return out;
}

Result<TakeAlong> decode_take_along(std::string_view text, const FindInstrument& find) {
    if (text.size() > kMaxTakeAlongBytes) return malformed();
    Bytes bytes(text);
    const auto format = bytes.number(1);
    if (bytes.failed()) return malformed();
    if (format > kTakeAlongFormat) {
        return fail(Errc::unsupported, "half-done answer: was made by a newer terminal");
    }
    const auto id = id_of(bytes.take(kIdBytes));
    const std::chrono::minutes minutes(static_cast<std::int64_t>(bytes.number(4)));
    const auto words = static_cast<unsigned>(bytes.number(1));
    const auto version = static_cast<int>(bytes.number(3));
    const auto name = bytes.take(static_cast<std::size_t>(bytes.number(1)));
    if (format != kTakeAlongFormat || bytes.failed() || !id || (words & 3U) >= kLanguages.size() ||
        words >= 32U || !is_instrument_id(name)) {
        return malformed();
    }
    TakeAlong taken{.id = *id,
                    .made_at = UtcSeconds(minutes),
                    .language = kLanguages.at(words & 3U),
                    .respondent = kRespondentKinds.at(words >> 2U & 3U),
                    .assisted = (words & 16U) != 0,
                    .instrument = std::string(name),
                    .version = version,
                    .answers = {}};
    const Instrument* instrument = find(name, version);
    if (instrument == nullptr) {
        return fail(Errc::not_found, "half-done answer: its survey is not served here");
    }
    if (!read_answers(bytes, *instrument, taken.answers)) return malformed();
    return taken;
}

bool is_take_along_fresh(UtcSeconds made_at, UtcSeconds now) noexcept {
    return now >= made_at - kTakeAlongClockError && now <= made_at + kTakeAlongLife;
}

}  // namespace kaiku::survey
