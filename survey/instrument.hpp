#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/result.hpp"
#include "survey/words.hpp"

namespace kaiku::survey {

/// Limits of an instrument file; each is checked on loading.
inline constexpr std::size_t kMaxInstrumentBytes = std::size_t{256} * 1024;
inline constexpr std::size_t kMaxQuestions = 40;
inline constexpr std::size_t kMaxChoiceOptions = 12;
inline constexpr std::size_t kMaxLineBreaks = 2;   ///< in one text
inline constexpr std::size_t kMaxTextBytes = 600;  ///< of one text in one language, UTF-8
inline constexpr std::size_t kMaxOpenTextCharacters = 2000;
inline constexpr std::size_t kMaxContactCharacters = 500;
inline constexpr int kMaxInstrumentVersion = 1'000'000;
/// Version of the file format; a file of a later one is refused as unsupported.
inline constexpr int kInstrumentFormat = 1;

/// One text in every language. `verified` says whether the wording was checked against its
/// owner's official wording.
struct LocalizedText {
    struct Entry {
        std::string text;
        bool verified = false;
    };
    std::array<Entry, kLanguages.size()> entries;

    const std::string& in(Language language) const noexcept {
        return entries[static_cast<std::size_t>(language)].text;
    }
    bool verified_in(Language language) const noexcept {
        return entries[static_cast<std::size_t>(language)].verified;
    }
};

enum class QuestionKind { nps, statement, choice, open_text, contact };
std::string_view to_string(QuestionKind kind) noexcept;

/// A drawing beside a question, for screens that want to be kind to children.
enum class Picture { bear, rabbit, owl, house, sun, balloon };
inline constexpr std::array kPictures{Picture::bear,  Picture::rabbit, Picture::owl,
                                      Picture::house, Picture::sun,    Picture::balloon};
std::string_view to_string(Picture picture) noexcept;

/// "Ask this if <question> <comparison> <value>": the earlier question is nps or statement and is
/// compared as a number; an unanswered question (skipped, or "can't say") never satisfies it.
struct Condition {
    enum class Comparison { less_equal, greater_equal, equal, not_equal };
    std::string question;
    Comparison comparison = Comparison::less_equal;
    int value = 0;

    bool holds(int answer) const noexcept;
};

/// One option of a choice question.
struct ChoiceOption {
    std::string key;
    LocalizedText text;
};

struct Question {
    std::string key;  ///< unique in the instrument, [a-z][a-z0-9_]{0,31}; "nps" and "text" by habit
    QuestionKind kind = QuestionKind::nps;
    LocalizedText text;
    std::optional<LocalizedText> hint;  ///< smaller line under the question
    std::optional<LocalizedText> low;   ///< nps: what 0 means
    std::optional<LocalizedText> high;  ///< nps: what 10 means
    bool cant_say = false;              ///< statement: offers "can't say"
    std::vector<ChoiceOption> options;  ///< choice only
    std::size_t max_characters = 0;     ///< open_text and contact
    std::optional<Condition> ask_if;    ///< refers to an earlier question
    std::optional<Picture> picture;     ///< statement, choice and open_text
};

/// A versioned survey definition. Immutable once loaded.
struct Instrument {
    std::string id;  ///< [a-z0-9][a-z0-9-]{0,63}
    int version = 1;
    std::string source;
    /// Id of the instrument that this one says in plainer words, with the same questions; empty for
    /// an original.
    std::string variant_of;
    bool read_aloud = false;  ///< speech is on from the start
    LocalizedText title;
    std::array<LocalizedText, 5> agreement;  ///< labels of the faces 1–5
    std::vector<RespondentKind> respondents;
    std::vector<Question> questions;

    /// The question with this key, or nullptr.
    const Question* find(std::string_view key) const noexcept;
    /// True if every text in every language is verified.
    bool fully_verified() const noexcept;
};

/// True for [a-z0-9][a-z0-9-]{0,63}.
bool is_instrument_id(std::string_view text) noexcept;

/// Parses and checks the text of an instrument file (docs/FORMATS.md,
/// docs/schema/instrument-1.schema.json). `name` is only used in errors.
/// An error's detail reads "<name>: <JSON pointer>: <what is wrong>; <cure>".
Result<Instrument> load_instrument(std::string_view json_text, std::string_view name);

}  // namespace kaiku::survey
