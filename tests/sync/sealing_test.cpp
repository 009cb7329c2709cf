#include "sync/sealing.hpp"

#include <sys/stat.h>

#include <set>

#include "sync/base32.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;

namespace {

std::string seal_for(const KeyPair& pair, std::string_view plain) {
    auto sealed = seal(plain, pair.public_key());
    REQUIRE(sealed);
    return *sealed;
}

}  // namespace

TEST_CASE("base 32 is RFC 4648's, without padding, and has one spelling") {
    for (const auto& [plain, text] :
         {std::pair{"", ""}, std::pair{"f", "MY"}, std::pair{"fo", "MZXQ"},
          std::pair{"foo", "MZXW6"}, std::pair{"foob", "MZXW6YQ"}, std::pair{"fooba", "MZXW6YTB"},
          std::pair{"foobar", "MZXW6YTBOI"}}) {
        CHECK(encode_base32(plain) == text);
        CHECK(decode_base32(text) == std::string(plain));
    }
    CHECK(decode_base32("mzxw6") == std::string("foo"));
    for (const char* wrong : {"M", "MZ", "MZXW6Y", "MZXW 6", "MZXW1", "MZXW6=", "MY======"}) {
        INFO(wrong);
        CHECK_FALSE(decode_base32(wrong));
    }
}

TEST_CASE("only the owner of the key opens what was sealed to it") {
    const auto central = KeyPair::make();
    const auto other = KeyPair::make();
    REQUIRE(central);
    REQUIRE(other);
    const std::string plain("half-done \0 answer", 18);
    const std::string sealed = seal_for(*central, plain);
    CHECK(central->open(sealed).value() == plain);
    CHECK(other->open(sealed).error().code == Errc::not_found);
    CHECK(central->open(seal_for(*central, "")).value().empty());
    CHECK(seal_for(*central, plain) != sealed);
}

TEST_CASE("a sealed text shows nothing of the plain one and is letters and digits only") {
    const auto central = KeyPair::make();
    REQUIRE(central);
    const std::string plain = "Erittain salainen teksti";
    const std::string sealed = seal_for(*central, plain);
    CHECK(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == std::string::npos);
    const auto bytes = decode_base32(sealed);
    REQUIRE(bytes);
    CHECK(bytes->size() == plain.size() + kSealBytes);
    for (std::size_t i = 0; i + 4 <= plain.size(); ++i) {
        CHECK(bytes->find(plain.substr(i, 4)) == std::string::npos);
    }
}

TEST_CASE("a sealed text that was cut, changed or made up is refused") {
    const auto central = KeyPair::make();
    REQUIRE(central);
    const std::string sealed = seal_for(*central, "answer");
    const std::string bytes = decode_base32(sealed).value();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        CHECK_FALSE(central->open(encode_base32(changed)));
        CHECK_FALSE(central->open(encode_base32(bytes.substr(0, i))));
    }
    CHECK(central->open("").error().code == Errc::malformed);
    CHECK(central->open("<script>").error().code == Errc::malformed);
    CHECK(central->open(std::string(kMaxSealedCharacters + 1, 'A')).error().code ==
          Errc::malformed);
}

TEST_CASE("only central opens a sealed answer, whatever its length, and gets it as it was") {
    const auto central = KeyPair::make();
    const auto other = KeyPair::make();
    REQUIRE(central);
    REQUIRE(other);
    for (const std::size_t length : {0U, 1U, 510U, 511U, 512U, 513U, 1024U, 16U * 1024U}) {
        std::string plain = "{" + std::string(length, 'x');
        plain.back() = '\0';  // what fills up must not be taken for content
        const auto sealed = seal_answer(plain, central->public_key());
        REQUIRE(sealed);
        CHECK(is_sealed(*sealed));
        CHECK_FALSE(is_sealed("{" + plain));
        CHECK(sealed->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_") == std::string::npos);
        CHECK(central->open_answer(*sealed).value() == plain);
        CHECK(other->open_answer(*sealed).error().code == Errc::not_found);
        CHECK(central->open(*sealed).error().code == Errc::malformed);  // another kind of box
    }
}

TEST_CASE(
    "a sealer that prepares itself makes boxes that the library opens, each with its own key") {
    const auto central = KeyPair::make();
    REQUIRE(central);
    AnswerSealer sealer(central->public_key());
    std::set<std::string> boxes;
    for (int round = 0; round < 6; ++round) {
        if (round % 2 == 0) REQUIRE(sealer.prepare());
        if (round % 3 == 0) REQUIRE(sealer.prepare());
        const auto sealed = sealer.seal("the same answer");
        REQUIRE(sealed);
        CHECK(central->open_answer(*sealed).value() == "the same answer");
        CHECK(boxes.insert(sealed->substr(7, 43)).second);  // key of this box alone
    }
    AnswerSealer nobody{PublicKey{}};
    CHECK(nobody.prepare().error().code == Errc::invalid);
    CHECK(nobody.seal("x").error().code == Errc::invalid);
}

TEST_CASE("the length of a sealed answer does not tell the length of what was written") {
    const auto central = KeyPair::make();
    REQUIRE(central);
    const auto length = [&](std::size_t plain) {
        return seal_answer(std::string(plain, '{'), central->public_key()).value().size();
    };
    CHECK(length(200) == length(500));
    CHECK(length(200) < length(kAnswerBlock));
}

TEST_CASE("a sealed answer that was cut, changed or made up is refused") {
    const auto central = KeyPair::make();
    REQUIRE(central);
    const std::string sealed = seal_answer("{\"a\":1}", central->public_key()).value();
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(central->open_answer(changed));
        CHECK_FALSE(central->open_answer(sealed.substr(0, i)));
    }
    CHECK(central->open_answer("").error().code == Errc::malformed);
    CHECK(central->open_answer("<html>").error().code == Errc::malformed);
    CHECK(central->open_answer(std::string(100'000, 'A')).error().code == Errc::malformed);
}

TEST_CASE("a key is read as it was written and nothing else is") {
    const auto pair = KeyPair::make();
    REQUIRE(pair);
    const std::string text = encode_key(pair->public_key());
    CHECK(text.size() == 52);
    CHECK(decode_key(text).value() == pair->public_key());
    CHECK_FALSE(decode_key(text.substr(1)));
    CHECK_FALSE(decode_key(""));
    CHECK(key_id(pair->public_key()).size() == 8);
    CHECK_FALSE(seal("x", PublicKey{}));  // not a point that anything can be sealed to
}

TEST_CASE("central's key is made once, with mode 0600, and read back ever after") {
    test::TempDir folder;
    const auto path = folder.path() / "central.key";
    const auto first = KeyPair::load_or_make(path);
    REQUIRE(first);
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777U) == 0600U);
    const auto again = KeyPair::load_or_make(path);
    REQUIRE(again);
    CHECK(again->public_key() == first->public_key());
    CHECK(again->open(seal_for(*first, "kept")).value() == "kept");
}

TEST_CASE("a key file that others can read, or that is damaged, is refused and never replaced") {
    test::TempDir folder;
    const auto path = folder.path() / "central.key";
    REQUIRE(KeyPair::load_or_make(path));
    const std::string whole = test::read_file(path);
    std::filesystem::permissions(path, std::filesystem::perms{0640});
    const auto shared = KeyPair::load_or_make(path);
    REQUIRE_FALSE(shared);
    CHECK(shared.error().detail.find("chmod 600") != std::string::npos);
    std::filesystem::permissions(path, std::filesystem::perms{0600});
    for (const std::string& bytes : {std::string(), std::string("kaiku-key 1 \n"),
                                     whole.substr(0, 40), whole + "x", std::string(300, 'A')}) {
        test::write_file(path, bytes);
        const auto damaged = KeyPair::load_or_make(path);
        REQUIRE_FALSE(damaged);
        CHECK(damaged.error().code == Errc::corrupt);
        CHECK(damaged.error().detail.find(path.string()) != std::string::npos);
        CHECK(test::read_file(path) == bytes);
    }
    CHECK_FALSE(KeyPair::load_or_make("/proc/kaiku.key"));
}
