// Who may do what, one-time codes, what slows guessing down, and when a sign-in ends.
#include "central/people/audit.hpp"
#include "central/people/lockout.hpp"
#include "central/people/role.hpp"
#include "central/people/session.hpp"
#include "central/people/totp.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central::people {
namespace {

using std::chrono::seconds;

survey::UtcSeconds at(std::int64_t moment) { return survey::UtcSeconds(seconds(moment)); }

const std::vector<Unit> kUnits{{"county", "", "", "", ""},
                               {"centre", "", "", "county", ""},
                               {"desk", "", "", "centre", ""},
                               {"other", "", "", "county", ""}};

constexpr std::string_view kSecret = "12345678901234567890";

Session session(std::int64_t begun, std::int64_t seen) {
    return {"h", "anna", at(begun), at(seen), false};
}

}  // namespace

TEST_CASE("a role at a unit holds there and below, never above or beside") {
    const std::vector<Grant> grants{{Role::reader, "centre"}};
    CHECK(allows(grants, Right::texts, "centre", kUnits));
    CHECK(allows(grants, Right::texts, "desk", kUnits));
    CHECK_FALSE(allows(grants, Right::texts, "county", kUnits));
    CHECK_FALSE(allows(grants, Right::texts, "other", kUnits));
    CHECK_FALSE(allows(grants, Right::texts, "", kUnits));
    CHECK_FALSE(allows(grants, Right::texts, "nowhere", kUnits));
    CHECK_FALSE(allows(grants, Right::fleet, "desk", kUnits));
}

TEST_CASE("a role at the organiser holds at all its units and at no unknown one") {
    const std::vector<Grant> grants{{Role::operating, ""}};
    CHECK(allows(grants, Right::fleet, "", kUnits));
    CHECK(allows(grants, Right::fleet, "desk", kUnits));
    CHECK_FALSE(allows(grants, Right::fleet, "nowhere", kUnits));
    CHECK_FALSE(allows(grants, Right::texts, "desk", kUnits));
}

TEST_CASE("each role gives its own rights and no more") {
    CHECK(has_right(Role::viewer, Right::figures));
    CHECK_FALSE(has_right(Role::viewer, Right::texts));
    CHECK_FALSE(has_right(Role::reader, Right::fleet));
    CHECK_FALSE(has_right(Role::operating, Right::people));
    for (const Right right : {Right::figures, Right::texts, Right::fleet, Right::people}) {
        CHECK(has_right(Role::admin, right));
    }
    for (const Role role : {Role::viewer, Role::reader, Role::operating, Role::admin}) {
        CHECK(role_from(to_string(role)) == role);
    }
    CHECK_FALSE(role_from("Admin"));
}

TEST_CASE("units in a circle give nobody a role and end") {
    const std::vector<Unit> circle{{"a", "", "", "b", ""}, {"b", "", "", "a", ""}};
    CHECK_FALSE(allows(std::vector<Grant>{{Role::admin, "c"}}, Right::texts, "a", circle));
}

TEST_CASE("one-time codes are those of RFC 6238, appendix B") {
    const std::vector<std::pair<std::int64_t, std::string>> vectors{
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [moment, code] : vectors) {
        CHECK(totp_code(kSecret, totp_step(at(moment)), 8) == code);
        CHECK(check_totp(kSecret, code.substr(2), at(moment), std::nullopt) ==
              totp_step(at(moment)));
    }
}

TEST_CASE("a code is good for its step and those beside it, once") {
    const auto now = at(1'111'111'109);
    const auto step = totp_step(now);
    const std::string code = totp_code(kSecret, step);
    CHECK(check_totp(kSecret, code, now + seconds(30), std::nullopt) == step);
    CHECK(check_totp(kSecret, code, now - seconds(30), std::nullopt) == step);
    CHECK_FALSE(check_totp(kSecret, code, now + seconds(61), std::nullopt));
    CHECK_FALSE(check_totp(kSecret, code, now, step));
    CHECK_FALSE(check_totp(kSecret, code, now, step + 1));
    CHECK(check_totp(kSecret, code, now, step - 1) == step);
    for (const std::string& wrong :
         {std::string(), code + "0", code.substr(1), std::string(6, 'x')})
        CHECK_FALSE(check_totp(kSecret, wrong, now, std::nullopt));
}

TEST_CASE("an app's address holds the secret in base 32 and names in percent signs") {
    CHECK(totp_uri("12345678901234567890", "Kaiku Häme", "anna@x") ==
          "otpauth://totp/Kaiku%20H%C3%A4me:anna%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
          "&issuer=Kaiku%20H%C3%A4me&algorithm=SHA1&digits=6&period=30");
}

TEST_CASE("wrong tries in a row wait longer and longer, up to a quarter of an hour") {
    CHECK(try_delay(2) == seconds(0));
    CHECK(try_delay(3) == seconds(1));
    CHECK(try_delay(7) == seconds(16));
    CHECK(try_delay(50) == std::chrono::minutes(15));
    TryCounts counts;
    counts.address = {7, at(1000)};
    CHECK(wait_before_try(counts, at(1000)) == seconds(16));
    CHECK(wait_before_try(counts, at(1015)) == seconds(1));
    CHECK(wait_before_try(counts, at(1016)) == seconds(0));
    CHECK(wait_before_try(counts, at(10)) == seconds(16));
}

TEST_CASE("strangers who try all night do not keep out a client that signed in before") {
    TryCounts counts;
    counts.person = {5000, at(1000)};
    counts.address = {5000, at(1000)};
    CHECK(wait_before_try(counts, at(1001)) > seconds(800));
    counts.known_client = Failures{};
    CHECK(wait_before_try(counts, at(1001)) == seconds(0));
    counts.known_client = Failures{20, at(1000)};
    CHECK(wait_before_try(counts, at(1001)) > seconds(800));
}

TEST_CASE("strangers from many addresses have a hundred tries together") {
    TryCounts counts;
    counts.person = {99, at(1000)};
    CHECK(wait_before_try(counts, at(1000)) == seconds(0));
    counts.person = failed(counts.person, at(1000));
    CHECK(wait_before_try(counts, at(1000)) == std::chrono::minutes(15));
    CHECK(failed(counts.person, at(1000 + 86'400)).count == 1);
}

TEST_CASE("a sign-in ends when it is idle, when the day is over, and when all of it are ended") {
    const SessionRules rules{seconds(100), seconds(1000)};
    CHECK(is_alive(session(5000, 5050), rules, at(0), at(5149)));
    CHECK_FALSE(is_alive(session(5000, 5050), rules, at(0), at(5150)));
    CHECK(is_alive(session(5000, 5990), rules, at(0), at(5999)));
    CHECK_FALSE(is_alive(session(5000, 5990), rules, at(0), at(6000)));
    CHECK_FALSE(is_alive(session(5000, 5050), rules, at(5000), at(5051)));
    CHECK_FALSE(is_alive(session(5000, 5050), rules, at(0), at(5049)));
}

TEST_CASE("the cookie is out of reach for scripts, other sites and plain connections") {
    const std::string cookie = session_cookie("abc");
    CHECK(cookie == "__Host-kaiku=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
    CHECK(ended_cookie() == "__Host-kaiku=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    CHECK(session_in("a=b; __Host-kaiku=abc; c=d") == "abc");
    CHECK(session_in("x__Host-kaiku=abc").empty());
    CHECK(session_in("__Host-kaiku=abc; __Host-kaiku=def").empty());
    CHECK(session_in("").empty());
}

TEST_CASE("a change is taken from our own pages only") {
    CHECK(is_own_origin("https://a.fi", "https://a.fi"));
    for (const auto* origin : {"", "null", "http://a.fi", "https://a.fi.evil.fi", "https://a.fi:1"})
        CHECK_FALSE(is_own_origin(origin, "https://a.fi"));
    CHECK_FALSE(is_own_origin("", ""));
}

TEST_CASE("an entry of the log that is changed, taken out, put in or moved is found") {
    std::vector<AuditEntry> log;
    for (int count = 0; count < 5; ++count) {
        log.push_back(
            next_entry("main", log.empty() ? std::nullopt : std::optional(log.back()),
                       {at(1000 + count), "person anna", "read texts", "unit a", "export"}));
    }
    CHECK(check_chain("main", log, ""));
    CHECK(check_chain("main", log, log[2].hash));
    CHECK_FALSE(check_chain("other", log, ""));
    for (std::size_t place = 0; place < log.size(); ++place) {
        auto changed = log;
        changed[place].event.who = "person olli";
        CHECK_FALSE(check_chain("main", changed, ""));
        // Even when the entry's own hash is made anew, all but the last are tied down.
        changed[place] =
            next_entry("main", place == 0 ? std::nullopt : std::optional(log[place - 1]),
                       changed[place].event);
        CHECK(check_chain("main", changed, "").has_value() == (place + 1 == log.size()));
        CHECK_FALSE(check_chain("main", changed, log.back().hash));
        auto shorter = log;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(place));
        CHECK_FALSE(check_chain("main", shorter, log.back().hash));
    }
    std::swap(log[1], log[2]);
    CHECK_FALSE(check_chain("main", log, ""));
}

}  // namespace kaiku::central::people
