#include "survey/wire.hpp"

#include <random>
#include <string>

#include "survey/utf8.hpp"
#include "tests/support/catch.hpp"

using namespace kaiku;
using namespace kaiku::survey;

namespace {

using Random = std::mt19937;

std::size_t pick(Random& random, std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random);
}

std::string random_key(Random& random) {
    std::string key(1, static_cast<char>('a' + pick(random, 0, 25)));
    const std::string more = "abcdefghijklmnopqrstuvwxyz0123456789_";
    for (std::size_t i = pick(random, 0, 31); i > 0; --i)
        key += more[pick(random, 0, more.size() - 1)];
    return key;
}

std::string random_text(Random& random, std::size_t most_characters) {
    std::string text;
    for (std::size_t i = pick(random, 0, most_characters); i > 0; --i) {
        const std::u32string special = U"\n\t\"\\/äöåÄÖÅ€–š😀{}[]";
        append_utf8(text, pick(random, 0, 2) == 0
                              ? special[pick(random, 0, special.size() - 1)]
                              : static_cast<char32_t>(pick(random, 0x20, 0x7E)));
    }
    return text;
}

Response blank(ResponseId id) {
    return {std::move(id),
            {},
            1,
            {},
            Channel::kiosk,
            Language::fi,
            RespondentKind::adult,
            false,
            {},
            {},
            {},
            {}};
}

Response random_response(Random& random) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    Response response = blank(ResponseId::from_random(bytes));
    response.instrument = "quick-nps";
    response.version = static_cast<int>(pick(random, 1, kMaxInstrumentVersion));
    response.unit = "U" + std::to_string(pick(random, 1, 999));
    response.channel = kChannels[pick(random, 0, kChannels.size() - 1)];
    response.language = kLanguages[pick(random, 0, kLanguages.size() - 1)];
    response.respondent = kRespondentKinds[pick(random, 0, kRespondentKinds.size() - 1)];
    response.assisted = pick(random, 0, 1) == 1;
    response.answered_at = UtcSeconds{std::chrono::hours{pick(random, 262969, 400000)}};
    if (pick(random, 0, 3) > 0) response.answers.nps = static_cast<int>(pick(random, 0, 10));
    for (std::size_t i = pick(random, 0, 12); i > 0; --i)
        response.answers.statements[random_key(random)] = static_cast<int>(pick(random, 1, 5));
    for (std::size_t i = pick(random, 0, 5); i > 0; --i) {
        const std::string key = random_key(random);
        if (!response.answers.statements.contains(key)) response.answers.cant_say[key] = true;
    }
    for (std::size_t i = pick(random, 0, 5); i > 0; --i)
        response.answers.choices[random_key(random)] = random_key(random);
    response.answers.text = random_text(random, 300);
    if (pick(random, 0, 4) == 0) response.contact = random_text(random, 60);
    for (std::size_t i = pick(random, 0, 3); i > 0; --i)
        response.misuse.flags.insert(random_key(random));
    if (!response.misuse.flags.empty())
        response.misuse.rule = static_cast<int>(pick(random, 1, kMaxMisuseRule));
    return response;
}

/// The body of POST /v1/responses, with one part put in place of another.
std::string body(const std::string& replaced = "", const std::string& by = "") {
    std::string text = R"({"id":"6f1c1a52-3c1b-4f0e-9a77-0d6f3c1b2a11","instrument":"quick-nps",)"
                       R"("version":1,"unit":"TK-1","channel":"web","language":"fi",)"
                       R"("respondent":"adult","assisted":false,)"
                       R"("answered_at":"2026-11-22T14:37:09+02:00",)"
                       R"("answers":{"nps":9,"statements":{"help":4},"text":"Kiitos!"}})";
    if (replaced.empty()) return text;
    const std::size_t at = text.find(replaced);
    REQUIRE(at != std::string::npos);
    return text.replace(at, replaced.size(), by);
}

}  // namespace

TEST_CASE("a response survives encoding and decoding") {
    Random random(12);
    for (int round = 0; round < 3000; ++round) {
        const Response response = random_response(random);
        const std::string encoded = encode_response(response);
        CHECK(encoded.size() <= kMaxResponseBytes);
        const auto decoded = decode_response(encoded);
        if (!decoded) {
            CAPTURE(decoded.error().detail);
            FAIL_CHECK("an encoded response must decode");
            continue;
        }
        CHECK(*decoded == response);
    }
}

TEST_CASE("the body that integrators post is read in full") {
    const auto response = decode_response(body());
    REQUIRE(response);
    CHECK(response->id.text() == "6f1c1a52-3c1b-4f0e-9a77-0d6f3c1b2a11");
    CHECK(response->instrument == "quick-nps");
    CHECK(response->unit == "TK-1");
    CHECK(response->channel == Channel::web);
    CHECK(response->language == Language::fi);
    CHECK_FALSE(response->assisted);
    CHECK(format_rfc3339(response->answered_at) == "2026-11-22T12:00:00Z");
    CHECK(response->answers.nps == 9);
    CHECK(response->answers.statements == std::map<std::string, int>{{"help", 4}});
    CHECK(response->answers.text == "Kiitos!");
    CHECK(response->contact.empty());
}

TEST_CASE("every answer is optional") {
    const auto empty =
        decode_response(body(R"({"nps":9,"statements":{"help":4},"text":"Kiitos!"})", "{}"));
    REQUIRE(empty);
    CHECK(empty->answers.empty());
    const auto more = decode_response(
        body(R"("text":"Kiitos!"})",
             R"("cant_say":["safe"],"choices":{"way":"bus"}},"contact":"Soittakaa","format":1)"));
    REQUIRE(more);
    CHECK(more->answers.cant_say == std::map<std::string, bool>{{"safe", true}});
    CHECK(more->answers.choices == std::map<std::string, std::string>{{"way", "bus"}});
    CHECK(more->contact == "Soittakaa");
}

TEST_CASE("the largest response that is allowed fits the limit") {
    Response response = blank(ResponseId::from_random(std::array<std::uint8_t, 16>{}));
    response.instrument = std::string(64, 'a');
    response.version = kMaxInstrumentVersion;
    response.respondent = RespondentKind::relative;
    response.channel = Channel::staff_device;
    response.answered_at = UtcSeconds{std::chrono::hours{490000}};
    for (int i = 0; i < 64; ++i) response.unit += "😀";
    for (std::size_t i = 0; i < kMaxStatements; ++i)
        response.answers.choices[std::string(30, 'k') + std::to_string(10 + i)] =
            std::string(32, 'o');
    for (std::size_t i = 0; i < kMaxWireTextCharacters; ++i) response.answers.text += "😀";
    for (std::size_t i = 0; i < kMaxContactCharacters; ++i) response.contact += "😀";
    for (std::size_t i = 0; i < kMaxFlags; ++i)
        response.misuse.flags.insert(std::string(31, 'f') + std::to_string(i));
    response.misuse.rule = kMaxMisuseRule;
    const std::string encoded = encode_response(response);
    CHECK(encoded.size() <= kMaxResponseBytes);
    const auto decoded = decode_response(encoded);
    REQUIRE(decoded);
    CHECK(*decoded == response);
}

TEST_CASE("a verdict needs its rule, known shapes and no flag twice") {
    const auto with = [](const std::string& fields) {
        return decode_response(body(R"("assisted":false,)", R"("assisted":false,)" + fields));
    };
    const auto good = with(R"("flags":["burst","of_tomorrow"],"rule_version":7,)");
    REQUIRE(good);
    CHECK(good->misuse == Verdict{{"burst", "of_tomorrow"}, 7});
    CHECK(with(R"("flags":[],"rule_version":1,)"));
    for (const char* bad :
         {R"("flags":["burst"],)", R"("rule_version":1,)", R"("flags":["burst"],"rule_version":0,)",
          R"("flags":["burst","burst"],"rule_version":1,)", R"("flags":"burst","rule_version":1,)",
          R"("flags":["B"],"rule_version":1,)", R"("flags":[1],"rule_version":1,)",
          R"("flags":["a","b","c","d","e","f","g","h","i"],"rule_version":1,)"}) {
        INFO(bad);
        CHECK_FALSE(with(bad));
    }
}

TEST_CASE("an answer that nothing is flagged in is written as before verdicts existed") {
    Response response = blank(ResponseId::from_random(std::array<std::uint8_t, 16>{}));
    response.instrument = "quick-nps";
    response.unit = "u";
    response.answered_at = UtcSeconds{std::chrono::hours{490000}};
    response.misuse.rule = 1;
    CHECK(encode_response(response).find("rule_version") == std::string::npos);
    CHECK_FALSE(without_verdict(encode_response(response)));
    response.misuse.flags = {"quick"};
    const auto older = without_verdict(encode_response(response));
    REQUIRE(older);
    response.misuse = {};
    CHECK(*older == encode_response(response));
    CHECK_FALSE(without_verdict("no response"));
}

TEST_CASE("an answer with broken bytes is still sent, with the bytes marked") {
    Response response = blank(ResponseId::from_random(std::array<std::uint8_t, 16>{}));
    response.instrument = "quick-nps";
    response.unit = "u";
    response.answered_at = UtcSeconds{std::chrono::hours{490000}};
    response.answers.text = "hyv\xC3!";
    const auto decoded = decode_response(encode_response(response));
    REQUIRE(decoded);
    CHECK(decoded->answers.text == "hyv\uFFFD!");
}

TEST_CASE("a wrong response is refused with its place") {
    struct Bad {
        std::string replaced, by;
        Errc code;
        std::string pointer;
    };
    const Bad bad = GENERATE(values<Bad>({
        {"\"nps\":9", "\"nps\":11", Errc::invalid, "/answers/nps: must be 0–10"},
        {"\"nps\":9", "\"nps\":-1", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":-0.0", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":9.0", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":9e0", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":1e999", Errc::malformed, "/: holds a number"},
        {"\"nps\":9", "\"nps\":NaN", Errc::malformed, "/: is not JSON"},
        {"\"nps\":9", "\"nps\":Infinity", Errc::malformed, "/: is not JSON"},
        {"\"nps\":9", "\"nps\":18446744073709551615", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":-9223372036854775808", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":99999999999999999999999", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":\"9\"", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":null", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":true", Errc::invalid, "/answers/nps"},
        {"\"nps\":9", "\"nps\":9,\"nps\":9", Errc::malformed, "/answers/nps: stands twice"},
        {"\"help\":4", "\"help\":4,\"help\":4", Errc::malformed, "/answers/statements/help"},
        {"{\"help\":4}", "{\"help\":0}", Errc::invalid, "/answers/statements/help"},
        {"{\"help\":4}", "{\"Help\":4}", Errc::invalid, "/answers/statements: has a key"},
        {"{\"help\":4}", "{\"\":4}", Errc::invalid, "/answers/statements: has a key"},
        {"{\"help\":4}", "[4]", Errc::invalid, "/answers/statements: must be an object"},
        {"{\"help\":4}", "{\"help\":[[[[[[4]]]]]]}", Errc::malformed, "/: is nested"},
        {"\"text\":\"Kiitos!\"", "\"text\":7", Errc::invalid, "/answers/text"},
        {"\"text\":\"Kiitos!\"", "\"text\":\"a\\u0000b\"", Errc::invalid, "/answers/text"},
        {"\"text\":\"Kiitos!\"", "\"text\":\"\\ud800\"", Errc::malformed, "/: is not JSON"},
        {"Kiitos!", "\xFF", Errc::malformed, "/: is not UTF-8"},
        {"Kiitos!", "\xED\xA0\x80", Errc::malformed, "/: is not UTF-8"},
        {"Kiitos!", std::string(2001, 'x'), Errc::too_large, "/answers/text"},
        {"Kiitos!", std::string(std::size_t{10} * 1024 * 1024, 'x'), Errc::too_large, "/: has"},
        {"\"text\":", "\"cant_say\":[\"help\"],\"text\":", Errc::invalid, "/answers/cant_say/0"},
        {"\"text\":", "\"cant_say\":[\"a\",\"a\"],\"text\":", Errc::invalid, "/answers/cant_say/1"},
        {"\"text\":", "\"cant_say\":{\"a\":true},\"text\":", Errc::invalid, "/answers/cant_say"},
        {"\"text\":", "\"cant_say\":[1],\"text\":", Errc::invalid, "/answers/cant_say/0"},
        {"\"text\":", "\"choices\":[],\"text\":", Errc::invalid, "/answers/choices"},
        {"\"text\":", "\"choices\":{\"a\":\"B\"},\"text\":", Errc::invalid, "/answers/choices/a"},
        {"\"text\":", "\"choices\":{\"a\":1},\"text\":", Errc::invalid, "/answers/choices/a"},
        {"\"text\":", "\"mood\":1,\"text\":", Errc::invalid, "/answers/mood: is an unknown field"},
        {"\"text\":", "\"131052-308T\":1,\"text\":", Errc::invalid, "/answers/…: is an unknown"},
        {"\"text\":", "\"a\":{\"x\":[1,{\"y/~\":1,\"y/~\":2}]},\"text\":", Errc::malformed,
         "/answers/a/x/1/…: stands twice"},
        {"\"version\":1", "\"version\":0", Errc::invalid, "/version"},
        {"\"version\":1", "\"version\":1000001", Errc::invalid, "/version"},
        {"\"version\":1,", "", Errc::invalid, "/version: is missing"},
        {"\"version\":1", "\"version\":1,\"format\":2", Errc::unsupported, "/format: is newer"},
        {"\"version\":1", "\"version\":1,\"format\":\"2\"", Errc::invalid, "/format"},
        {"\"version\":1", "\"version\":1,\"format\":0", Errc::invalid, "/format"},
        {"\"version\":1", "\"version\":1,\"ip\":\"1.2.3.4\"", Errc::invalid, "/ip"},
        {"\"id\":\"6f1c1a52-3c1b-4f0e", "\"id\":\"6f1c1a52-3c1b-1f0e", Errc::invalid, "/id"},
        {"\"id\":\"6f1c1a52-3c1b-4f0e-9a77-0d6f3c1b2a11\"", "\"id\":7", Errc::invalid, "/id"},
        {"\"id\":\"6f1c1a52", "\"id\":\"6", Errc::invalid, "/id"},
        {"quick-nps", "Quick NPS", Errc::invalid, "/instrument"},
        {"\"unit\":\"TK-1\"", "\"unit\":\"\"", Errc::invalid, "/unit"},
        {"\"channel\":\"web\"", "\"channel\":\"fax\"", Errc::invalid, "/channel"},
        {"\"language\":\"fi\"", "\"language\":\"de\"", Errc::invalid, "/language"},
        {"\"respondent\":\"adult\"", "\"respondent\":1", Errc::invalid, "/respondent"},
        {"\"assisted\":false", "\"assisted\":0", Errc::invalid, "/assisted"},
        {"2026-11-22T14:37:09+02:00", "yesterday", Errc::invalid, "/answered_at"},
        {"\"answers\":{", "\"answers\":[{", Errc::malformed, "/: is not JSON"},
        {"Kiitos!\"}}", "Kiitos!\"}} x", Errc::malformed, "/: is not JSON"},
        {"Kiitos!\"}}", "Kiitos!\"}", Errc::malformed, "/: is not JSON"},
    }));
    const auto result = decode_response(body(bad.replaced, bad.by));
    CAPTURE(bad.replaced, bad.by.substr(0, 60));
    REQUIRE_FALSE(result);
    CHECK(to_string(result.error().code) == to_string(bad.code));
    CHECK_THAT(result.error().detail, Catch::StartsWith(bad.pointer));
}

TEST_CASE("minus zero is zero") {
    const auto result = decode_response(body("\"nps\":9", "\"nps\":-0"));
    REQUIRE(result);
    CHECK(result->answers.nps == 0);
}

TEST_CASE("what is no object is refused") {
    const std::string text = GENERATE(values<std::string>(
        {"", " ", "null", "[]", "7", "\"x\"", "{", "}", "{}", "\"", "\\", "[[[[[[[[[", "{\"id\":}",
         "{\"format\":1}", std::string("\0", 1), std::string(100000, '[')}));
    CHECK_FALSE(decode_response(text));
}

TEST_CASE("more answers than an instrument can ask are refused") {
    std::string statements = "{\"a0\":1";
    for (std::size_t i = 1; i <= kMaxStatements; ++i)
        statements += ",\"a" + std::to_string(i) + "\":1";
    const auto result = decode_response(body("{\"help\":4}", statements + "}"));
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::too_large);
}

TEST_CASE("errors never quote what was answered") {
    const std::string secret = "Salaisuus";
    for (const std::string& text :
         {body("Kiitos!", secret + "\\q"), body("\"Kiitos!\"", secret),
          body("\"text\":\"Kiitos!\"", "\"" + secret + " on 1\":1"),
          body("\"help\":4", "\"" + secret + "\":4"), body("\"web\"", "\"" + secret + "\"")}) {
        const auto result = decode_response(text);
        REQUIRE_FALSE(result);
        CHECK_THAT(result.error().detail, !Catch::Contains(secret));
    }
}

TEST_CASE("brackets in strings do not count as nesting") {
    CHECK(is_safe_json(R"({"a":"[[[[[[[[[[\"[[[["})"));
    CHECK(is_safe_json("[[[[[[[[]]]]]]]]"));
    CHECK_FALSE(is_safe_json("[[[[[[[[[]]]]]]]]]"));
    CHECK_FALSE(is_safe_json("[[]]", 1));
    CHECK_FALSE(is_safe_json("\"\xFF\""));
    CHECK(is_safe_json("]]]][[[["));
}

TEST_CASE("an answer is not lost to a device whose clock is") {
    const auto at = [](std::chrono::sys_days day) {
        Response response = *decode_response(body());
        response.answered_at = day;
        const auto sent = decode_response(encode_response(response));
        return sent ? format_rfc3339(sent->answered_at) : sent.error().detail;
    };
    using namespace std::chrono;
    CHECK(at(1970y / January / 1) == "2000-01-01T00:00:00Z");
    CHECK(at(1999y / December / 31) == "2000-01-01T00:00:00Z");
    CHECK(at(2000y / January / 1) == "2000-01-01T00:00:00Z");
    CHECK(at(2099y / May / 9) == "2099-05-09T00:00:00Z");
    CHECK(at(2199y / December / 31) == "2199-12-31T00:00:00Z");
    CHECK(at(2200y / January / 1) == "2199-12-31T23:00:00Z");
    CHECK(at(30000y / January / 1) == "2199-12-31T23:00:00Z");
    CHECK(at(year{-5000} / January / 1) == "2000-01-01T00:00:00Z");
}
