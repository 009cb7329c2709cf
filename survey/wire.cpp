#include "survey/wire.hpp"

#include <limits>
#include <nlohmann/json.hpp>

#include "survey/json_source.hpp"
#include "survey/utf8.hpp"

namespace kaiku::survey {
namespace {

using nlohmann::json;

/// Reads the parts of a response. Every read is safe after a fault; `finish` reports it.
class ResponseReader {
  public:
    explicit ResponseReader(const json& root) : root_(root) {}

    Result<Response> read();

  private:
    Answers read_answers(const json& value);
    Verdict read_verdict();
    std::optional<ClockReading> read_clock();
    void read_statements(const json& value, Answers& answers);
    void read_cant_say(const json& value, Answers& answers);
    void read_choices(const json& value, Answers& answers);
    std::string key_of(const std::string& key, const std::string& pointer);
    void check_format();
    /// The closed words: languages, channels, respondent kinds.
    template <class Parse>
    auto word(std::string_view field, Parse parse) -> typename decltype(parse(""))::value_type;

    const json& root_;
    JsonChecker check_;
};

Error as_error(const JsonFault& fault) {
    return Error{fault.code, fault.pointer + ": " + fault.what};
}

std::string ResponseReader::key_of(const std::string& key, const std::string& pointer) {
    if (is_key(key)) return key;
    check_.complain(Errc::invalid, pointer, "has a key that is not [a-z][a-z0-9_]{0,31}", "");
    return {};
}

void ResponseReader::read_statements(const json& value, Answers& answers) {
    const std::string pointer = "/answers/statements";
    if (!value.is_object()) {
        check_.complain(Errc::invalid, pointer, "must be an object", "");
        return;
    }
    for (const auto& item : value.items()) {
        const std::string key = key_of(item.key(), pointer);
        answers.statements[key] = check_.integer(item.value(), pointer_to(pointer, key), 1, 5);
        if (check_.failed()) return;
    }
}

void ResponseReader::read_cant_say(const json& value, Answers& answers) {
    const std::string pointer = "/answers/cant_say";
    if (!check_.array(value, pointer, {0, kMaxStatements})) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string place = pointer_to(pointer, i);
        const std::string key = key_of(check_.string(value[i], place, {1, 32}), place);
        if (check_.failed()) return;
        if (answers.statements.contains(key))
            check_.complain(Errc::invalid, place, "has a value in statements too", "");
        if (!answers.cant_say.emplace(key, true).second)
            check_.complain(Errc::invalid, place, "stands twice", "");
    }
}

void ResponseReader::read_choices(const json& value, Answers& answers) {
    const std::string pointer = "/answers/choices";
    if (!value.is_object()) {
        check_.complain(Errc::invalid, pointer, "must be an object", "");
        return;
    }
    for (const auto& item : value.items()) {
        const std::string key = key_of(item.key(), pointer);
        const std::string place = pointer_to(pointer, key);
        answers.choices[key] = key_of(check_.string(item.value(), place, {1, 32}), place);
        if (check_.failed()) return;
    }
}

Answers ResponseReader::read_answers(const json& value) {
    Answers answers;
    const std::string pointer = "/answers";
    if (!check_.object(value, pointer, {}, {"nps", "statements", "cant_say", "choices", "text"}))
        return answers;
    if (value.contains("nps")) answers.nps = check_.integer(value["nps"], "/answers/nps", 0, 10);
    if (value.contains("statements")) read_statements(value["statements"], answers);
    if (value.contains("cant_say")) read_cant_say(value["cant_say"], answers);
    if (value.contains("choices")) read_choices(value["choices"], answers);
    if (value.contains("text"))
        answers.text = check_.string(value["text"], "/answers/text", {0, kMaxWireTextCharacters});
    if (answers.statements.size() + answers.cant_say.size() + answers.choices.size() >
        kMaxStatements)
        check_.complain(Errc::too_large, pointer,
                        "has more than " + std::to_string(kMaxStatements) + " answers", "");
    return answers;
}

Verdict ResponseReader::read_verdict() {
    Verdict verdict;
    if (root_.contains("flags") != root_.contains("rule_version")) {
        check_.complain(Errc::invalid, "/flags", "and /rule_version go together", "");
        return verdict;
    }
    if (!root_.contains("flags")) return verdict;
    const json& flags = root_["flags"];
    verdict.rule = check_.integer(root_["rule_version"], "/rule_version", 1, kMaxMisuseRule);
    if (!check_.array(flags, "/flags", {0, kMaxFlags})) return verdict;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        const std::string place = pointer_to("/flags", i);
        const std::string name = key_of(check_.string(flags[i], place, {1, 32}), place);
        if (check_.failed()) return verdict;
        if (!verdict.flags.insert(name).second)
            check_.complain(Errc::invalid, place, "stands twice", "");
    }
    return verdict;
}

std::optional<ClockReading> ResponseReader::read_clock() {
    if (!root_.contains("clock")) return std::nullopt;
    const json& clock = root_["clock"];
    if (!check_.object(clock, "/clock", {"boot", "up_min", "trusted"}, {})) return std::nullopt;
    constexpr int kMost = std::numeric_limits<int>::max();
    return ClockReading{check_.integer(clock["boot"], "/clock/boot", 0, kMost),
                        check_.integer(clock["up_min"], "/clock/up_min", 0, kMost),
                        check_.boolean(clock["trusted"], "/clock/trusted")};
}

void ResponseReader::check_format() {
    if (!root_.is_object() || !root_.contains("format")) return;  // absent means 1
    const json& format = root_["format"];
    if (is_later_version(format, kWireVersion))
        check_.complain(Errc::unsupported, "/format",
                        "is newer than " + std::to_string(kWireVersion), "");
    else
        check_.integer(format, "/format", kWireVersion, kWireVersion);
}

template <class Parse>
auto ResponseReader::word(std::string_view field, Parse parse) ->
    typename decltype(parse(""))::value_type {
    const std::string pointer = pointer_to("/", field);
    const std::string name = check_.string(root_[std::string(field)], pointer, {1, 32});
    if (const auto found = parse(name)) return *found;
    check_.complain(Errc::invalid, pointer, "is not one of the known words", "");
    return {};
}

Result<Response> ResponseReader::read() {
    check_format();
    const bool complete =
        check_.object(root_, "/",
                      {"id", "instrument", "version", "unit", "channel", "language", "respondent",
                       "assisted", "answered_at", "answers"},
                      {"format", "contact", "flags", "rule_version", "clock", "time"});
    if (!complete) return tl::make_unexpected(as_error(*check_.fault()));
    const auto id = ResponseId::parse(check_.string(root_["id"], "/id", {36, 36}));
    if (!id) check_.complain(Errc::invalid, "/id", "must be a random (version 4) UUID", "");
    const auto answered_at =
        parse_rfc3339(check_.string(root_["answered_at"], "/answered_at", {1, 64}));
    if (!answered_at)
        check_.complain(Errc::invalid, "/answered_at",
                        "must be an RFC 3339 time in the years 2000–2199", "");
    std::string instrument = check_.string(root_["instrument"], "/instrument", {1, 64});
    if (!check_.failed() && !is_instrument_id(instrument))
        check_.complain(Errc::invalid, "/instrument", "must be [a-z0-9][a-z0-9-]{0,63}", "");
    const int version = check_.integer(root_["version"], "/version", 1, kMaxInstrumentVersion);
    std::string unit = check_.string(root_["unit"], "/unit", {1, 64});
    const Channel channel = word("channel", channel_from);
    const Language language = word("language", language_from);
    const RespondentKind respondent = word("respondent", respondent_kind_from);
    const bool assisted = check_.boolean(root_["assisted"], "/assisted");
    Answers answers;
    if (!check_.failed()) answers = read_answers(root_["answers"]);
    std::string contact;
    if (root_.contains("contact"))
        contact = check_.string(root_["contact"], "/contact", {0, kMaxContactCharacters});
    Verdict misuse = read_verdict();
    const std::optional<ClockReading> clock = read_clock();
    const TimeKind time = root_.contains("time") ? word("time", time_kind_from) : TimeKind::unsaid;
    if (check_.failed() || !id || !answered_at)
        return tl::make_unexpected(as_error(*check_.fault()));
    return Response{*id,
                    std::move(instrument),
                    version,
                    std::move(unit),
                    channel,
                    language,
                    respondent,
                    assisted,
                    floor_to_hour(*answered_at),
                    std::move(answers),
                    std::move(contact),
                    std::move(misuse),
                    clock,
                    time};
}

json encode_answers(const Answers& answers) {
    json encoded = json::object();
    if (answers.nps) encoded["nps"] = *answers.nps;
    if (!answers.statements.empty()) encoded["statements"] = answers.statements;
    if (!answers.choices.empty()) encoded["choices"] = answers.choices;
    for (const auto& [key, value] : answers.cant_say)
        if (value) encoded["cant_say"].push_back(key);
    if (!answers.text.empty()) encoded["text"] = answers.text;
    return encoded;
}

}  // namespace

std::string encode_response(const Response& response) {
    json encoded = {{"id", response.id.text()},
                    {"instrument", response.instrument},
                    {"version", response.version},
                    {"unit", response.unit},
                    {"channel", to_string(response.channel)},
                    {"language", to_string(response.language)},
                    {"respondent", to_string(response.respondent)},
                    {"assisted", response.assisted},
                    {"answered_at", format_rfc3339(hour_on_the_wire(response.answered_at))},
                    {"answers", encode_answers(response.answers)}};
    if (!response.contact.empty()) encoded["contact"] = response.contact;
    if (!response.misuse.flags.empty()) {
        encoded["flags"] = response.misuse.flags;
        encoded["rule_version"] = response.misuse.rule;
    }
    if (response.clock) {
        encoded["clock"] = {{"boot", response.clock->boot},
                            {"up_min", response.clock->up_min},
                            {"trusted", response.clock->trusted}};
    }
    if (response.time != TimeKind::unsaid) encoded["time"] = to_string(response.time);
    // Bytes that are no UTF-8 become U+FFFD: an answer is never lost to its own text.
    return encoded.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Response> decode_response(std::string_view json_text) {
    const auto parsed = parse_json(json_text, {kMaxResponseBytes, kMaxJsonDepth});
    if (!parsed) return tl::make_unexpected(as_error(parsed.error()));
    return ResponseReader(*parsed).read();
}

std::optional<std::string> without_verdict(std::string_view encoded) {
    auto response = decode_response(encoded);
    if (!response || response->misuse.flags.empty()) return std::nullopt;
    response->misuse = {};
    return encode_response(*response);
}

bool is_safe_json(std::string_view text, int limit) noexcept {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit) return false;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return is_valid_utf8(text);
}

}  // namespace kaiku::survey
