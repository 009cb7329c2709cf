#include "sync/keyring.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;

namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

unsigned mode_of(const std::filesystem::path& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
}

std::string sealed_for(const PublicKey& key, std::string_view plain = "an answer") {
    return seal_answer(plain, key).value();
}

Result<std::string> opened(const Opener& opener, const std::string& sealed) {
    const std::string_view one[] = {sealed};
    return opener.open_answers(one).front();
}

}  // namespace

TEST_CASE("a rotated ring seals to the new key and opens what was sealed to either") {
    test::TempDir folder;
    const auto path = folder.path() / "central.db.key";
    auto ring = Keyring::load_or_make(path).value();
    const auto old_key = ring.public_key();
    const std::string before = sealed_for(old_key, "before");
    const std::string link = seal("half-done", old_key).value();
    REQUIRE(ring.rotate(path));
    CHECK_FALSE(ring.public_key() == old_key);
    const auto again = Keyring::load(path).value();
    CHECK(again.keys() == std::vector{ring.public_key(), old_key});
    CHECK(mode_of(path) == 0600);
    const std::string after = sealed_for(again.public_key(), "after");
    const std::string strange = sealed_for(KeyPair::make().value().public_key());
    const std::string_view all[] = {before, after, strange, "no answer"};
    const auto plain = again.open_answers(all);
    REQUIRE(plain.size() == 4);
    CHECK(plain[0].value() == "before");
    CHECK(plain[1].value() == "after");
    CHECK(plain[2].error().code == Errc::not_found);
    CHECK(plain[3].error().code == Errc::malformed);
    CHECK(again.open(link).value() == "half-done");
}

TEST_CASE("a key file of before rotation is a ring of one key, and stays so until it is rotated") {
    test::TempDir folder;
    const auto path = folder.path() / "key";
    const auto pair = KeyPair::load_or_make(path).value();
    const std::string bytes = text_of(path);
    const auto ring = Keyring::load_or_make(path).value();
    CHECK(ring.keys() == std::vector{pair.public_key()});
    CHECK(text_of(path) == bytes);
}

TEST_CASE("a retired key opens nothing more and lies aside, whole") {
    test::TempDir folder;
    const auto path = folder.path() / "key";
    auto ring = Keyring::load_or_make(path).value();
    const auto old_key = ring.public_key();
    const std::string before = sealed_for(old_key, "before");
    CHECK(ring.retire(path, key_id(old_key)).error().code == Errc::refused);
    REQUIRE(ring.rotate(path));
    CHECK(ring.retire(path, "00000000").error().code == Errc::not_found);
    CHECK(ring.retire(path, key_id(ring.public_key())).error().code == Errc::refused);
    const auto aside = ring.retire(path, key_id(old_key)).value();
    CHECK(aside == folder.path() / ("key.retired-" + key_id(old_key)));
    CHECK(mode_of(aside) == 0600);
    CHECK(opened(ring, before).error().code == Errc::not_found);
    CHECK(opened(Keyring::load(path).value(), before).error().code == Errc::not_found);
    CHECK(Keyring::load(path)->keys() == std::vector{ring.public_key()});
    CHECK(opened(Keyring::load(aside).value(), before).value() == "before");
    // Given back by hand, as the manual says.
    std::ofstream(path, std::ios::app) << text_of(aside);
    CHECK(opened(Keyring::load(path).value(), before).value() == "before");
}

TEST_CASE("a ring that cannot be written stays as it was") {
    test::TempDir folder;
    const auto path = folder.path() / "key";
    auto ring = Keyring::load_or_make(path).value();
    const auto keys = ring.keys();
    CHECK_FALSE(ring.rotate(folder.path() / "gone/key"));
    CHECK(ring.keys() == keys);
    REQUIRE(ring.rotate(path));
    const auto two = ring.keys();
    CHECK_FALSE(ring.retire(folder.path() / "gone/key", key_id(two[1])));
    CHECK(ring.keys() == two);
    const std::string sealed = sealed_for(two[1]);
    CHECK(opened(ring, sealed));
    while (ring.keys().size() < kMaxKeys) REQUIRE(ring.rotate(path));
    CHECK(ring.rotate(path).error().code == Errc::refused);
    CHECK(Keyring::load(path)->keys() == ring.keys());
}

TEST_CASE("a key file that is damaged, open to others or not there is an error that names it") {
    test::TempDir folder;
    const auto path = folder.path() / "key";
    CHECK(Keyring::load(path).error().code == Errc::not_found);
    auto ring = Keyring::load_or_make(path).value();
    REQUIRE(ring.rotate(path));
    const std::string good = text_of(path);
    const std::string first = good.substr(0, good.find('\n') + 1);
    for (const std::string& bad :
         {std::string(), good.substr(0, good.size() - 1), good + "x", good + first, "\n" + good}) {
        INFO(bad.size());
        std::ofstream(path, std::ios::trunc) << bad;
        const auto damaged = Keyring::load_or_make(path);
        REQUIRE_FALSE(damaged);
        CHECK(damaged.error().code == Errc::corrupt);
        CHECK(damaged.error().detail.starts_with(path.string()));
        CHECK(damaged.error().detail.find("kaiku-key") == std::string::npos);
        CHECK(text_of(path) == bad);
    }
    std::ofstream(path, std::ios::trunc) << good;
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    const auto shared = Keyring::load(path);
    REQUIRE_FALSE(shared);
    CHECK(shared.error().code == Errc::invalid);
    CHECK(shared.error().detail.find("chmod 600") != std::string::npos);
}

TEST_CASE("a sealed answer names its key to everybody") {
    const auto key = KeyPair::make().value().public_key();
    CHECK(answer_key_id(sealed_for(key)) == key_id(key));
    for (const char* none : {"", "A", "AAAAAAA", "{\"id\":1}", "????????"}) {
        CHECK(answer_key_id(none).empty());
    }
}
