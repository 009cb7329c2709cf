#include "sync/protocol.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::entry_of;
using kaiku::test::id_of;

namespace {

template <class T>
Errc code_of(const Result<T>& result) {
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().detail.empty());
    return result.error().code;
}

std::string batch_of(const std::string& items) {
    return R"({"protocol":1,"responses":[)" + items + "]}";
}

}  // namespace

TEST_CASE("a batch is read as it was written") {
    const std::vector<OutboxEntry> entries{entry_of(1), entry_of(2)};
    const auto items = decode_batch(encode_batch(entries));
    REQUIRE(items);
    REQUIRE(items->size() == 2);
    for (std::size_t n = 0; n < 2; ++n) {
        CHECK(items->at(n).id == entries[n].id.text());
        CHECK(items->at(n).response == entries[n].payload);
    }
    CHECK(decode_batch(encode_batch({}))->empty());
}

TEST_CASE("a batch that breaks a rule of the envelope is refused") {
    CHECK(code_of(decode_batch("")) == Errc::malformed);
    CHECK(code_of(decode_batch("<html>log in</html>")) == Errc::malformed);
    CHECK(code_of(decode_batch("{\"protocol\":1,\"responses\":[")) == Errc::malformed);
    CHECK(code_of(decode_batch("{\"protocol\":1,\"responses\":[\"\xff\"]}")) == Errc::malformed);
    CHECK(code_of(decode_batch(batch_of(std::string(2000, '[') + std::string(2000, ']')))) ==
          Errc::malformed);
    CHECK(code_of(decode_batch("[]")) == Errc::invalid);
    CHECK(code_of(decode_batch("{}")) == Errc::invalid);
    CHECK(code_of(decode_batch(R"({"protocol":"1","responses":[]})")) == Errc::invalid);
    CHECK(code_of(decode_batch(R"({"protocol":1})")) == Errc::invalid);
    CHECK(code_of(decode_batch(R"({"protocol":1,"responses":{}})")) == Errc::invalid);
    CHECK(code_of(decode_batch(R"({"protocol":1,"responses":[],"more":1})")) == Errc::invalid);
    CHECK(code_of(decode_batch(R"({"protocol":2,"responses":[]})")) == Errc::unsupported);
    CHECK(code_of(decode_batch(R"({"protocol":18446744073709551615,"responses":[]})")) ==
          Errc::unsupported);
}

TEST_CASE("a key that stands twice and whatever follows a NUL are refused, not passed over") {
    const std::string twice = R"({"protocol":2,"protocol":1,"responses":[]})";
    const auto doubled = decode_batch(twice);
    REQUIRE_FALSE(doubled);
    CHECK(doubled.error().detail.find("/protocol: stands twice") != std::string::npos);
    const std::string nul = std::string(R"({"protocol":1,"responses":[]})") + '\0' + "x";
    CHECK_FALSE(decode_batch(nul));
}

TEST_CASE("a batch beyond the limits is refused") {
    std::string items = "{}";
    for (std::size_t n = 1; n < kMaxBatchResponses; ++n) items += ",{}";
    CHECK(decode_batch(batch_of(items))->size() == kMaxBatchResponses);
    CHECK(code_of(decode_batch(batch_of(items + ",{}"))) == Errc::too_large);
    CHECK(code_of(decode_batch(batch_of("\"" + std::string(10UL * 1024 * 1024, 'x') + "\""))) ==
          Errc::too_large);
}

TEST_CASE("a bad element comes back with whatever id it has and does not fail the batch") {
    const auto items = decode_batch(
        batch_of(R"(7, null, {"id":5,"response":{}}, {"id":"a"}, {"id":"b","response":{},"x":1},)"
                 R"({"response":{"n":1}}, {"id":"no-uuid","response":[1]}, {"id":")" +
                 std::string(65, 'i') + R"(","response":{}})"));
    REQUIRE(items);
    REQUIRE(items->size() == 8);
    struct Expected {
        std::string id, response, fault;
    };
    const std::vector<Expected> expected{{"", "", "/responses/0: must be an object"},
                                         {"", "", "/responses/1: must be an object"},
                                         {"", "", "/responses/2/id: must be a text of 1–64 bytes"},
                                         {"a", "", "/responses/3/response: is missing"},
                                         {"b", "", "/responses/4/x: is an unknown field"},
                                         {"", "", "/responses/5/id: is missing"},
                                         {"no-uuid", "[1]", ""},
                                         {"", "", "/responses/7/id: must be a text of 1–64 bytes"}};
    for (std::size_t n = 0; n < expected.size(); ++n) {
        INFO(n);
        CHECK(items->at(n).id == expected[n].id);
        CHECK(items->at(n).response == expected[n].response);
        CHECK(items->at(n).fault.substr(0, items->at(n).fault.find(';')) == expected[n].fault);
    }
}

TEST_CASE("a receipt is read as it was written") {
    const Receipt receipt{{id_of(1).text(), id_of(2).text()}, {{id_of(3).text(), "unknown unit"}}};
    CHECK(decode_receipt(encode_receipt(receipt)) == receipt);
    CHECK(decode_receipt(encode_receipt({})) == Receipt{});
}

TEST_CASE("only a receipt is a receipt") {
    const auto with = [](const std::string& body) {
        return code_of(decode_receipt(R"({"protocol":1,"receipt":)" + body + "}"));
    };
    CHECK(code_of(decode_receipt("")) == Errc::malformed);
    CHECK(code_of(decode_receipt("<html></html>")) == Errc::malformed);
    CHECK(code_of(decode_receipt("{\"status\":\"ok\"}")) == Errc::invalid);
    CHECK(code_of(decode_receipt(R"({"protocol":2,"receipt":{"accepted":[],"refused":[]}})")) ==
          Errc::unsupported);
    CHECK(with("[]") == Errc::invalid);
    CHECK(with("{}") == Errc::invalid);
    CHECK(with(R"({"accepted":[]})") == Errc::invalid);
    CHECK(with(R"({"accepted":[],"refused":[],"more":1})") == Errc::invalid);
    CHECK(with(R"({"accepted":{},"refused":[]})") == Errc::invalid);
    CHECK(with(R"({"accepted":[1],"refused":[]})") == Errc::invalid);
    CHECK(with(R"({"accepted":[],"refused":"all"})") == Errc::invalid);
    CHECK(with(R"({"accepted":[],"refused":[{"id":"a"}]})") == Errc::invalid);
    CHECK(with(R"({"accepted":[],"refused":[{"id":"a","reason":1}]})") == Errc::invalid);
    CHECK(with(R"({"accepted":[],"refused":[{"id":"a","reason":"b","text":"c"}]})") ==
          Errc::invalid);
}

TEST_CASE("a receipt that names more than a batch can hold is refused") {
    Receipt receipt;
    receipt.accepted.assign(kMaxBatchResponses + 1, "a");
    CHECK(code_of(decode_receipt(encode_receipt(receipt))) == Errc::too_large);
    receipt.accepted.clear();
    receipt.refused.assign(kMaxBatchResponses + 1, {"a", "b"});
    CHECK(code_of(decode_receipt(encode_receipt(receipt))) == Errc::too_large);
}

TEST_CASE("a long reason is cut at a whole character") {
    std::string reason;
    for (int n = 0; n < 150; ++n) reason += "ä";
    reason.insert(0, "x");
    const auto receipt = decode_receipt(encode_receipt({{}, {{"a", reason}}}));
    REQUIRE(receipt);
    CHECK(receipt->refused.front().reason == reason.substr(0, 199));
}

TEST_CASE("an enrolment code is read as it was written and nothing else is") {
    CHECK(decode_enrolment(encode_enrolment({"AB-\"12"})) == Enrolling{"AB-\"12"});
    CHECK(code_of(decode_enrolment(encode_enrolment({""}))) == Errc::invalid);
    CHECK(code_of(decode_enrolment(encode_enrolment({std::string(513, 'x')}))) == Errc::invalid);
    CHECK(code_of(decode_enrolment(R"({"protocol":1,"code":5})")) == Errc::invalid);
    CHECK(code_of(decode_enrolment("{}")) == Errc::invalid);
    CHECK(code_of(decode_enrolment(encode_enrolment({std::string(20'000, 'x')}))) ==
          Errc::too_large);
}

TEST_CASE("an enrolment is read as it was written and nothing else is") {
    const Enrolment enrolment{"d1", "secret", "K1", "Korvaklinikka", "Öronkliniken"};
    CHECK(decode_enrolled(encode_enrolled(enrolment)) == enrolment);
    Enrolment nameless = enrolment;
    nameless.unit_name_sv.clear();
    CHECK(decode_enrolled(encode_enrolled(nameless)) == nameless);
    Enrolment empty = enrolment;
    empty.credential.clear();
    CHECK(code_of(decode_enrolled(encode_enrolled(empty))) == Errc::invalid);
    CHECK(code_of(decode_enrolled(R"({"protocol":1,"device":{"id":"a"}})")) == Errc::invalid);
    CHECK(code_of(decode_enrolled(R"({"protocol":1,"device":[]})")) == Errc::invalid);
    CHECK(code_of(decode_enrolled(R"({"protocol":1,"device":{"id":"a","x":1}})")) == Errc::invalid);
    CHECK(code_of(decode_enrolled("")) == Errc::malformed);
}

TEST_CASE("a sealed payload travels as it is, and is not taken for a response") {
    const OutboxEntry sealed{survey::ResponseId::from_random(std::array<std::uint8_t, 16>{1}),
                             "AgECAwQ-_x"};
    const auto items = decode_batch(encode_batch({sealed}));
    REQUIRE(items);
    REQUIRE(items->size() == 1);
    CHECK(items->front().sealed == sealed.payload);
    CHECK(items->front().response.empty());
    CHECK(items->front().fault.empty());
    const auto odd = decode_batch(
        R"({"protocol":1,"responses":[{"id":"a","sealed":5},{"id":"b","sealed":"x","response":{}}]})");
    REQUIRE(odd);
    CHECK(odd->at(0).fault.starts_with("/responses/0/sealed: must be a text"));
    CHECK(odd->at(1).fault.find("response") != std::string::npos);
}

TEST_CASE("an enrolment may carry a sealing key, and a web address only with one") {
    const std::string key(52, 'A');
    Enrolment enrolment{
        "d1", "secret", "K1", "Korvaklinikka", "Öronkliniken", key, "https://palaute.example.fi"};
    CHECK(decode_enrolled(encode_enrolled(enrolment)) == enrolment);
    for (const char* wrong :
         {"palaute.example.fi", "http://palaute.example.fi", "https://", "https://a/?q",
          "https://a b", "https://a/", "javascript:alert(1)", "https://a\"x"}) {
        INFO(wrong);
        enrolment.web_url = wrong;
        CHECK(code_of(decode_enrolled(encode_enrolled(enrolment))) == Errc::invalid);
    }
    CHECK(is_web_address("http://127.0.0.1:8080"));
    CHECK(is_web_address("https://palaute.example.fi:8443"));
    CHECK_FALSE(is_web_address("https://palaute.example.fi/kaiku"));
    enrolment.web_url = "https://palaute.example.fi";
    enrolment.sealing_key = "short";
    CHECK(code_of(decode_enrolled(encode_enrolled(enrolment))) == Errc::invalid);
    enrolment.sealing_key.clear();
    CHECK(code_of(decode_enrolled(encode_enrolled(enrolment))) == Errc::invalid);
    enrolment.sealing_key = key;
    enrolment.web_url.clear();
    CHECK(decode_enrolled(encode_enrolled(enrolment)) == enrolment);
}
