#include <algorithm>
#include <nlohmann/json.hpp>

#include "survey/instrument.hpp"
#include "survey/json_source.hpp"
#include "survey/utf8.hpp"
#include "survey/wire.hpp"

namespace kaiku::survey {
namespace {

using nlohmann::json;

constexpr std::array kQuestionKinds{QuestionKind::nps, QuestionKind::statement,
                                    QuestionKind::choice, QuestionKind::open_text,
                                    QuestionKind::contact};
constexpr std::size_t kMaxSourceCharacters = 600;

/// Reads one file. Every read is safe after a fault; the caller asks for it at the end.
class InstrumentReader {
  public:
    explicit InstrumentReader(const json& root) : root_(root) {}

    Instrument read();
    const std::optional<JsonFault>& fault() const noexcept { return check_.fault(); }

  private:
    void invalid(std::string pointer, std::string what, std::string cure) {
        check_.complain(Errc::invalid, std::move(pointer), std::move(what), std::move(cure));
    }
    void check_format();
    std::string read_key(const json& value, const std::string& pointer);
    LocalizedText read_text(const json& value, const std::string& pointer);
    void check_sentence(const std::string& text, const std::string& pointer);
    std::optional<LocalizedText> read_optional_text(const json& object, const char* field,
                                                    const std::string& pointer);
    void read_respondents(Instrument& instrument);
    void read_agreement(Instrument& instrument);
    void read_questions(Instrument& instrument);
    Question read_question(const json& value, const std::string& pointer,
                           const Instrument& earlier);
    QuestionKind read_kind(const json& value, const std::string& pointer);
    Picture read_picture(const json& value, const std::string& pointer);
    void read_flags(Instrument& instrument);
    bool check_fields(const json& value, QuestionKind kind, const std::string& pointer);
    void read_options(const json& value, Question& question, const std::string& pointer);
    Condition read_condition(const json& value, const std::string& pointer,
                             const Instrument& earlier);
    Condition::Comparison read_comparison(const json& value, const std::string& pointer);
    void check_single(const Instrument& instrument, const Question& question,
                      const std::string& pointer);

    const json& root_;
    JsonChecker check_;
};

void InstrumentReader::check_format() {
    if (!root_.is_object() || !root_.contains("format")) return;  // reported as missing
    const json& format = root_["format"];
    if (is_later_version(format, kInstrumentFormat))
        check_.complain(Errc::unsupported, "/format",
                        "is newer than " + std::to_string(kInstrumentFormat),
                        "update Kaiku or use a file of format 1");
    else
        check_.integer(format, "/format", kInstrumentFormat, kInstrumentFormat);
}

std::string InstrumentReader::read_key(const json& value, const std::string& pointer) {
    std::string key = check_.string(value, pointer, {1, 32});
    if (!check_.failed() && !is_key(key))
        invalid(pointer, "must be [a-z][a-z0-9_]{0,31}", "use small letters, digits and _");
    return key;
}

LocalizedText InstrumentReader::read_text(const json& value, const std::string& pointer) {
    LocalizedText text;
    if (!check_.object(value, pointer, {"fi", "sv", "en"})) return text;
    for (const Language language : kLanguages) {
        const std::string name{to_string(language)};
        const std::string place = pointer_to(pointer, name);
        const json& entry = value[name];
        if (!check_.object(entry, place, {"text", "verified"})) return text;
        LocalizedText::Entry& target = text.entries[static_cast<std::size_t>(language)];
        target.text = check_.string(entry["text"], place + "/text", {1, kMaxTextBytes});
        target.verified = check_.boolean(entry["verified"], place + "/verified");
        check_sentence(target.text, place + "/text");
    }
    return text;
}

/// What could not be read on a screen: nothing to see, or so many lines that others find no room.
void InstrumentReader::check_sentence(const std::string& text, const std::string& pointer) {
    if (check_.failed()) return;
    if (text.size() > kMaxTextBytes)
        check_.complain(Errc::too_large, pointer,
                        "has more than " + std::to_string(kMaxTextBytes) + " bytes", "shorten it");
    if (is_blank(text)) invalid(pointer, "has nothing to read", "write the sentence");
    const auto breaks = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (breaks > kMaxLineBreaks)
        invalid(pointer, "has more than " + std::to_string(kMaxLineBreaks) + " line breaks",
                "let the screen break the lines");
    const std::u32string points = decode_utf8(text);
    if (std::any_of(points.begin(), points.end(),
                    [](char32_t c) { return c != U'\n' && is_control(c); }))
        invalid(pointer, "has a tab or a mark that turns the reading direction", "remove it");
}

std::optional<LocalizedText> InstrumentReader::read_optional_text(const json& object,
                                                                  const char* field,
                                                                  const std::string& pointer) {
    if (check_.failed() || !object.contains(field)) return std::nullopt;
    return read_text(object[field], pointer_to(pointer, std::string_view(field)));
}

void InstrumentReader::read_respondents(Instrument& instrument) {
    const json& value = root_["respondents"];
    if (!check_.array(value, "/respondents", {1, kRespondentKinds.size()})) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string place = pointer_to("/respondents", i);
        const auto kind = respondent_kind_from(check_.string(value[i], place, {1, 32}));
        if (!kind) {
            invalid(place, "is no respondent kind", "use adult, youth, child or relative");
            return;
        }
        if (std::find(instrument.respondents.begin(), instrument.respondents.end(), *kind) !=
            instrument.respondents.end())
            invalid(place, "stands twice", "name each kind once");
        instrument.respondents.push_back(*kind);
    }
}

void InstrumentReader::read_agreement(Instrument& instrument) {
    if (check_.failed()) return;
    const bool needed = std::any_of(
        instrument.questions.begin(), instrument.questions.end(),
        [](const Question& question) { return question.kind == QuestionKind::statement; });
    if (!root_.contains("agreement")) {
        if (needed) invalid("/agreement", "is missing", "name the steps 1–5 of the statements");
        return;
    }
    const json& value = root_["agreement"];
    if (!check_.object(value, "/agreement", {"1", "2", "3", "4", "5"})) return;
    for (std::size_t i = 0; i < instrument.agreement.size(); ++i) {
        const std::string step = std::to_string(i + 1);
        instrument.agreement[i] = read_text(value[step], "/agreement/" + step);
    }
}

QuestionKind InstrumentReader::read_kind(const json& value, const std::string& pointer) {
    const std::string name = check_.string(value, pointer, {1, 32});
    for (const QuestionKind kind : kQuestionKinds)
        if (to_string(kind) == name) return kind;
    invalid(pointer, "is no question kind", "use nps, statement, choice, open_text or contact");
    return QuestionKind::nps;
}

Picture InstrumentReader::read_picture(const json& value, const std::string& pointer) {
    const std::string name = check_.string(value, pointer, {1, 32});
    for (const Picture picture : kPictures)
        if (to_string(picture) == name) return picture;
    invalid(pointer, "is no picture", "use bear, rabbit, owl, house, sun or balloon");
    return Picture::bear;
}

bool InstrumentReader::check_fields(const json& value, QuestionKind kind,
                                    const std::string& pointer) {
    switch (kind) {
        case QuestionKind::nps:
            return check_.object(value, pointer, {"key", "kind", "text"},
                                 {"hint", "low", "high", "ask_if"});
        case QuestionKind::statement:
            return check_.object(value, pointer, {"key", "kind", "text"},
                                 {"hint", "cant_say", "ask_if", "picture"});
        case QuestionKind::choice:
            return check_.object(value, pointer, {"key", "kind", "text", "options"},
                                 {"hint", "ask_if", "picture"});
        case QuestionKind::open_text:
            return check_.object(value, pointer, {"key", "kind", "text", "max_characters"},
                                 {"hint", "ask_if", "picture"});
        case QuestionKind::contact:
            return check_.object(value, pointer, {"key", "kind", "text", "max_characters"},
                                 {"hint", "ask_if"});
    }
    return false;
}

void InstrumentReader::read_options(const json& value, Question& question,
                                    const std::string& pointer) {
    if (!check_.array(value, pointer, {2, kMaxChoiceOptions})) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string place = pointer_to(pointer, i);
        if (!check_.object(value[i], place, {"key", "text"})) return;
        ChoiceOption option{read_key(value[i]["key"], place + "/key"),
                            read_text(value[i]["text"], place + "/text")};
        const bool twice =
            std::any_of(question.options.begin(), question.options.end(),
                        [&](const ChoiceOption& other) { return other.key == option.key; });
        if (twice) invalid(place + "/key", "stands twice", "give each option its own key");
        question.options.push_back(std::move(option));
    }
}

Condition::Comparison InstrumentReader::read_comparison(const json& value,
                                                        const std::string& pointer) {
    const std::string sign = check_.string(value, pointer, {1, 2});
    if (sign == "<=") return Condition::Comparison::less_equal;
    if (sign == ">=") return Condition::Comparison::greater_equal;
    if (sign == "=") return Condition::Comparison::equal;
    if (sign == "!=") return Condition::Comparison::not_equal;
    invalid(pointer, "is no comparison", "use <=, >=, = or !=");
    return Condition::Comparison::equal;
}

Condition InstrumentReader::read_condition(const json& value, const std::string& pointer,
                                           const Instrument& earlier) {
    Condition condition;
    if (!check_.object(value, pointer, {"question", "is", "value"})) return condition;
    condition.question = read_key(value["question"], pointer + "/question");
    condition.comparison = read_comparison(value["is"], pointer + "/is");
    if (check_.failed()) return condition;
    const Question* referred = earlier.find(condition.question);
    if (referred == nullptr) {
        invalid(pointer + "/question", "is not the key of an earlier question",
                "refer to a question that stands above");
        return condition;
    }
    const bool nps = referred->kind == QuestionKind::nps;
    if (!nps && referred->kind != QuestionKind::statement)
        invalid(pointer + "/question", "is not answered by a number",
                "refer to an nps question or a statement");
    condition.value = check_.integer(value["value"], pointer + "/value", nps ? 0 : 1, nps ? 10 : 5);
    return condition;
}

Question InstrumentReader::read_question(const json& value, const std::string& pointer,
                                         const Instrument& earlier) {
    Question question;
    if (check_.failed()) return question;
    if (!value.is_object() || !value.contains("kind")) {
        if (value.is_object())
            invalid(pointer + "/kind", "is missing", "add it");
        else
            invalid(pointer, "must be an object", "write {…}");
        return question;
    }
    question.kind = read_kind(value["kind"], pointer + "/kind");
    if (check_.failed() || !check_fields(value, question.kind, pointer)) return question;
    question.key = read_key(value["key"], pointer + "/key");
    question.text = read_text(value["text"], pointer + "/text");
    question.hint = read_optional_text(value, "hint", pointer);
    question.low = read_optional_text(value, "low", pointer);
    question.high = read_optional_text(value, "high", pointer);
    if (value.contains("cant_say"))
        question.cant_say = check_.boolean(value["cant_say"], pointer + "/cant_say");
    if (value.contains("options")) read_options(value["options"], question, pointer + "/options");
    if (value.contains("max_characters")) {
        const std::size_t most =
            question.kind == QuestionKind::contact ? kMaxContactCharacters : kMaxOpenTextCharacters;
        question.max_characters = static_cast<std::size_t>(check_.integer(
            value["max_characters"], pointer + "/max_characters", 1, static_cast<int>(most)));
    }
    if (value.contains("ask_if"))
        question.ask_if = read_condition(value["ask_if"], pointer + "/ask_if", earlier);
    if (value.contains("picture"))
        question.picture = read_picture(value["picture"], pointer + "/picture");
    return question;
}

void InstrumentReader::check_single(const Instrument& instrument, const Question& question,
                                    const std::string& pointer) {
    if (check_.failed()) return;
    if (instrument.find(question.key) != nullptr)
        invalid(pointer + "/key", "is the key of an earlier question too",
                "give each question its own key");
    const bool repeatable =
        question.kind == QuestionKind::statement || question.kind == QuestionKind::choice;
    const bool seen =
        std::any_of(instrument.questions.begin(), instrument.questions.end(),
                    [&](const Question& other) { return other.kind == question.kind; });
    if (seen && !repeatable)
        invalid(pointer + "/kind",
                "is the second " + std::string(to_string(question.kind)) + " question",
                "keep one of them");
}

void InstrumentReader::read_questions(Instrument& instrument) {
    if (check_.failed() || !check_.array(root_["questions"], "/questions", {1, kMaxQuestions}))
        return;
    const json& value = root_["questions"];
    for (std::size_t i = 0; i < value.size() && !check_.failed(); ++i) {
        const std::string pointer = pointer_to("/questions", i);
        Question question = read_question(value[i], pointer, instrument);
        check_single(instrument, question, pointer);
        instrument.questions.push_back(std::move(question));
    }
}

void InstrumentReader::read_flags(Instrument& instrument) {
    if (root_.contains("read_aloud"))
        instrument.read_aloud = check_.boolean(root_["read_aloud"], "/read_aloud");
    if (!root_.contains("variant_of")) return;
    instrument.variant_of = check_.string(root_["variant_of"], "/variant_of", {1, 64});
    if (check_.failed()) return;
    if (!is_instrument_id(instrument.variant_of))
        invalid("/variant_of", "must be [a-z0-9][a-z0-9-]{0,63}", "name another instrument's id");
    else if (instrument.variant_of == instrument.id)
        invalid("/variant_of", "is this instrument itself", "name the id of the original");
}

Instrument InstrumentReader::read() {
    Instrument instrument;
    check_format();
    if (!check_.object(root_, "/",
                       {"format", "id", "version", "source", "title", "respondents", "questions"},
                       {"$schema", "agreement", "variant_of", "read_aloud"}))
        return instrument;
    if (root_.contains("$schema")) check_.string(root_["$schema"], "/$schema", {0, kMaxTextBytes});
    instrument.id = check_.string(root_["id"], "/id", {1, 64});
    if (!check_.failed() && !is_instrument_id(instrument.id))
        invalid("/id", "must be [a-z0-9][a-z0-9-]{0,63}", "use small letters, digits and -");
    instrument.version = check_.integer(root_["version"], "/version", 1, kMaxInstrumentVersion);
    instrument.source = check_.string(root_["source"], "/source", {1, kMaxSourceCharacters});
    read_flags(instrument);
    instrument.title = read_text(root_["title"], "/title");
    read_respondents(instrument);
    read_questions(instrument);
    read_agreement(instrument);
    return instrument;
}

}  // namespace

bool is_instrument_id(std::string_view text) noexcept {
    if (text.empty() || text.size() > 64 || text[0] == '-') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Result<Instrument> load_instrument(std::string_view json_text, std::string_view name) {
    const auto report = [&](const JsonFault& fault) {
        return fail(fault.code, std::string(name) + ": " + fault.pointer + ": " + fault.what +
                                    "; " + fault.cure);
    };
    const auto parsed = parse_json(json_text, {kMaxInstrumentBytes, kMaxJsonDepth});
    if (!parsed) return report(parsed.error());
    InstrumentReader reader(*parsed);
    Instrument instrument = reader.read();
    if (reader.fault()) return report(*reader.fault());
    return instrument;
}

}  // namespace kaiku::survey
