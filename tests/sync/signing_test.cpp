#include "sync/signing.hpp"

#include <sys/stat.h>

#include <set>

#include "sync/headers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;

namespace {

constexpr SignedType kAllTypes[] = {
    SignedType::batch,      SignedType::receipt, SignedType::stale,    SignedType::renewal,
    SignedType::credential, SignedType::ledger,  SignedType::received, SignedType::refusal};

}  // namespace

TEST_CASE("what is signed is version, type and contents, each apart from the next") {
    CHECK(signed_bytes({SignedType::batch, "d1", 7, "{}"}) == "1//batch//d1//7//{}");
    CHECK(signed_bytes({SignedType::receipt, "d1", 7, "a//b"}) == "1//receipt//d1//7//a//b");
    std::set<std::string> all;
    for (const auto type : kAllTypes) all.insert(signed_bytes({type, "d", 1, ""}));
    CHECK(all.size() == std::size(kAllTypes));
}

TEST_CASE("a signature proves exactly one text of one type by one key") {
    const auto key = SigningKey::make();
    const auto other = SigningKey::make();
    REQUIRE(key);
    REQUIRE(other);
    const SignedText text{SignedType::batch, "d1", 7, "{\"a\":1}"};
    const auto signature = key->sign(text);
    CHECK(signature.size() == 86);
    CHECK(signature == key->sign(text));
    CHECK(verify(key->public_key(), text, signature));
    CHECK_FALSE(verify(other->public_key(), text, signature));
    CHECK_FALSE(verify(key->public_key(), {SignedType::receipt, "d1", 7, text.body}, signature));
    CHECK_FALSE(verify(key->public_key(), {SignedType::batch, "d2", 7, text.body}, signature));
    CHECK_FALSE(verify(key->public_key(), {SignedType::batch, "d1", 8, text.body}, signature));
    CHECK_FALSE(verify(key->public_key(), {SignedType::batch, "d1", 7, "{\"a\":2}"}, signature));
    for (std::size_t at = 0; at < signature.size(); ++at) {
        auto changed = signature;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK_FALSE(verify(key->public_key(), text, changed));
    }
    for (const std::string& none :
         {std::string(), std::string("x"), signature + "A", signature + "\n", " " + signature,
          signature.substr(1), std::string(86, '\0')}) {
        CHECK_FALSE(verify(key->public_key(), text, none));
    }
}

TEST_CASE("a key is made once, kept for its owner alone, and read again") {
    test::TempDir folder;
    const auto file = folder.path() / "signing.key";
    CHECK_FALSE(SigningKey::load(file)->has_value());
    const auto made = SigningKey::load_or_make(file);
    REQUIRE(made);
    struct stat found {};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777U) == 0600U);
    CHECK(SigningKey::load_or_make(file)->public_key() == made->public_key());
    CHECK((*SigningKey::load(file))->public_key() == made->public_key());
}

TEST_CASE("a key file that is damaged or open to others is refused without showing it") {
    test::TempDir folder;
    const auto file = folder.path() / "signing.key";
    REQUIRE(SigningKey::load_or_make(file));
    const auto whole = test::read_file(file);
    for (const std::string& bytes : {std::string(), whole.substr(1), whole + "AAAA", "*" + whole}) {
        test::write_file(file, bytes);
        const auto loaded = SigningKey::load_or_make(file);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().code == Errc::corrupt);
        CHECK(loaded.error().detail.find(file.string()) != std::string::npos);
        CHECK(loaded.error().detail.find(whole.substr(2, 20)) == std::string::npos);
        CHECK(test::read_file(file) == bytes);
    }
    test::write_file(file, whole);
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    CHECK(SigningKey::load_or_make(file).error().code == Errc::invalid);
}

TEST_CASE("a public key is read as it was written, and nothing else is one") {
    const auto key = SigningKey::make();
    REQUIRE(key);
    const auto text = encode_signer(key->public_key());
    CHECK(text.size() == 52);
    CHECK(decode_signer(text) == key->public_key());
    for (const std::string& none :
         {std::string(), text + "A", text.substr(1), "1" + text.substr(1)}) {
        CHECK(decode_signer(none).error().code == Errc::malformed);
    }
}

TEST_CASE("header fields are found whatever their case, and numbers are plain digits") {
    const Headers headers{{"KAIKU-number", "7"}, {"Kaiku-Number", "8"}};
    CHECK(header_of(headers, kNumberHeader) == "7");
    CHECK(header_of(headers, kSignatureHeader).empty());
    CHECK(is_kaiku_header("kaiku-x"));
    CHECK_FALSE(is_kaiku_header("Kaiku-"));
    CHECK_FALSE(is_kaiku_header("X-Kaiku-Number"));
    CHECK(parse_number("1") == 1);
    CHECK(parse_number("9007199254740991") == kMaxNumber);
    for (const char* none : {"", "0", "-1", "+1", " 1", "1 ", "1.0", "0x1", "9007199254740992",
                             "99999999999999999999", "one"}) {
        CHECK_FALSE(parse_number(none));
    }
}
