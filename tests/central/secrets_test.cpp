#include "central/service/secrets.hpp"

#include <set>

#include "central/service/failure_limit.hpp"
#include "tests/central/sample.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {

TEST_CASE("enrolment codes are readable and forgive case, spaces and dashes") {
    const std::string code = make_enrolment_code(system_entropy());
    CHECK(code.size() == 14);
    CHECK(code.find_first_of("01IO") == std::string::npos);
    CHECK(normalise_code(code) == code);
    std::string typed = " ";
    for (const char letter : code) {
        if (letter != '-') {
            typed += static_cast<char>(letter >= 'A' ? letter + 32 : letter);
            typed += ' ';
        }
    }
    CHECK(normalise_code(typed) == code);
    for (const char* wrong :
         {"", "ABCD", "ABCD-EFGH-JKL0", "ABCD-EFGH-JKLMN", "ABCD-EFGH-JKL\xc3"}) {
        CHECK(normalise_code(wrong).empty());
    }
}

TEST_CASE("secrets differ, and hash as SHA-256") {
    std::set<std::string> seen;
    for (int count = 0; count < 100; ++count) {
        seen.insert(make_enrolment_code(system_entropy()));
        seen.insert(make_bearer("kaiku_t_", system_entropy()));
        seen.insert(make_uuid(system_entropy()));
    }
    CHECK(seen.size() == 300);
    CHECK(hash_secret("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("only bearer tokens are read from the Authorization header") {
    CHECK(bearer_of("Bearer xyz") == "xyz");
    CHECK(bearer_of("bearer xyz") == "xyz");
    CHECK(bearer_of("Basic xyz").empty());
    CHECK(bearer_of("Bearer ").empty());
    CHECK(bearer_of("Bearer " + std::string(600, 'x')).empty());
}

TEST_CASE("too many failures in a minute are not heard until the first has aged") {
    FailureLimit limit(3);
    const auto start = sample::time("2026-11-22T10:00:00Z");
    for (int count = 0; count < 3; ++count) {
        CHECK(limit.wait(start + std::chrono::seconds(count)).count() == 0);
        limit.add_failure(start + std::chrono::seconds(count));
    }
    CHECK(limit.wait(start + std::chrono::seconds(10)).count() == 50);
    CHECK(limit.wait(start + std::chrono::seconds(60)).count() == 0);
    CHECK(limit.wait(start - std::chrono::hours(5)).count() == 0);
}

}  // namespace kaiku::central
