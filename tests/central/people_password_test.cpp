// Passwords: which are taken, what is kept of them, and how many are worked on at once.
#include <atomic>
#include <latch>
#include <thread>

#include "central/people/password.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central::people {
namespace {

/// What Argon2id takes at least: tests are not to be slow.
constexpr HashCost kCheap{1, 8192};

}  // namespace

TEST_CASE("fifteen characters of any kind are enough, whatever they are") {
    for (const auto* good : {"korppi lamppu vene", "orkkkkidea-tuoli", "ÄÄÖÖ ja yö åäö pä",
                             "correct horse battery", "\xF0\x9F\x98\x80 viisitoista merkkiä"}) {
        CHECK(check_new_password(good, "anna"));
    }
    const Status shortened = check_new_password("fourteen chars", "anna");
    REQUIRE_FALSE(shortened);
    CHECK(shortened.error().detail.find("fourteen") == std::string::npos);
}

TEST_CASE("what strangers try first is refused") {
    for (const auto* bad :
         {"passwordpassword", "Salasana1234567!", "P4ssw0rd!P4ssw0rd!", "qwertyuiopasdfghjkl",
          "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "1234567890123456", "9876543210987654",
          "Kesa2026Kesa2026", "Annalind20262026", "annalindannalind", "Welcome2Finland!!!",
          "----------------", "12345678!password"}) {
        CAPTURE(bad);
        CHECK_FALSE(check_new_password(bad, "anna.lind"));
    }
    CHECK_FALSE(check_new_password(std::string(1025, 'x'), "anna"));
    CHECK_FALSE(check_new_password("\xff\xfe is not UTF-8 at all", "anna"));
}

TEST_CASE("only the password matches its hash, and nobody's hash matches nothing") {
    PasswordHasher hasher(kCheap);
    const auto hash = hasher.hash("korppi lamppu vene");
    REQUIRE(hash);
    CHECK(hash->starts_with("$argon2id$"));
    CHECK(hash->find("korppi") == std::string::npos);
    CHECK(hasher.matches(*hash, "korppi lamppu vene") == true);
    CHECK(hasher.matches(*hash, "korppi lamppu venf") == false);
    CHECK(hasher.matches(std::string("damaged"), "korppi lamppu vene") == false);
    CHECK(hasher.matches(std::nullopt, "korppi lamppu vene") == false);
    CHECK(hasher.hash("korppi lamppu vene").value() != hash.value());
}

TEST_CASE("a hash costs 64 MiB and three passes unless told otherwise") {
    PasswordHasher hasher;
    const auto hash = hasher.hash("korppi lamppu vene");
    REQUIRE(hash);
    CHECK(hash->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST_CASE("who finds no place waits for a while, and is told to come again") {
    PasswordHasher none(kCheap, 0, std::chrono::milliseconds(1));
    const auto hash = none.hash("korppi lamppu vene");
    REQUIRE_FALSE(hash);
    CHECK(hash.error().code == Errc::busy);
    CHECK(none.matches(std::nullopt, "x").error().code == Errc::busy);
}

TEST_CASE("many at once all get their turn at one place") {
    PasswordHasher one(kCheap, 1, std::chrono::minutes(1));
    const std::string hash = one.hash("korppi lamppu vene").value();
    std::atomic<int> right{0};
    {
        std::latch together(8);
        std::vector<std::jthread> threads;
        for (int count = 0; count < 8; ++count) {
            threads.emplace_back([&] {
                together.arrive_and_wait();
                if (one.matches(hash, "korppi lamppu vene") == true) ++right;
            });
        }
    }
    CHECK(right == 8);
}

}  // namespace kaiku::central::people
