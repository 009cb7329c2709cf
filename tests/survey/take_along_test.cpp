#include "survey/take_along.hpp"

#include <array>

#include "tests/support/catch.hpp"
#include "tests/support/instruments.hpp"

using namespace kaiku;
using namespace kaiku::survey;
using std::chrono::minutes;

namespace {

const UtcSeconds kNow = parse_rfc3339("2026-11-22T14:07:00Z").value();

TakeAlong half_done() {
    const Instrument& full = test::full_instrument();
    TakeAlong taken{.id = ResponseId::from_random(std::array<std::uint8_t, 16>{1, 2, 3, 250}),
                    .made_at = kNow,
                    .language = Language::sv,
                    .respondent = RespondentKind::relative,
                    .assisted = true,
                    .instrument = full.id,
                    .version = full.version,
                    .answers = {}};
    taken.answers.nps = 0;
    taken.answers.cant_say["help"] = true;
    taken.answers.choices["visit"] = full.find("visit")->options.back().key;
    taken.answers.text = "Jono oli pitkä ☂";
    return taken;
}

const Instrument* find(std::string_view id, int version) {
    for (const Instrument* known : {&test::full_instrument(), &test::short_instrument()}) {
        if (known->id == id && known->version == version) return known;
    }
    return nullptr;
}

std::string bytes_of(const TakeAlong& taken) {
    return encode_take_along(*find(taken.instrument, taken.version), taken);
}

}  // namespace

TEST_CASE("a half-done answer arrives as it left, whatever was answered so far") {
    TakeAlong taken = half_done();
    CHECK(decode_take_along(bytes_of(taken), find).value() == taken);
    taken.answers.cant_say.clear();
    for (int value = 1; value <= 5; ++value) {
        taken.answers.statements["help"] = value;
        for (int nps = 0; nps <= 10; ++nps) {
            taken.answers.nps = nps;
            CHECK(decode_take_along(bytes_of(taken), find).value() == taken);
        }
    }
    taken.answers = {};
    taken.assisted = false;
    taken.language = Language::en;
    taken.respondent = RespondentKind::adult;
    CHECK(decode_take_along(bytes_of(taken), find).value() == taken);
}

TEST_CASE("a half-done answer is small, and a long text stays behind rather than grow it") {
    TakeAlong taken = half_done();
    taken.answers.text.clear();
    CHECK(bytes_of(taken).size() <= 32 + taken.instrument.size());
    taken.answers.text = std::string(kMaxTakenTextBytes + 1, 'x');
    const auto without = decode_take_along(bytes_of(taken), find);
    REQUIRE(without);
    CHECK(without->answers.text.empty());
    CHECK(without->answers.nps == 0);
}

TEST_CASE("bytes that no terminal made are refused") {
    const std::string whole = bytes_of(half_done());
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        CHECK_FALSE(decode_take_along(whole.substr(0, cut), find));
    }
    CHECK_FALSE(decode_take_along(whole + "x", find));
    CHECK_FALSE(decode_take_along(std::string(kMaxTakeAlongBytes + 1, '\1'), find));
    std::string newer = whole;
    newer[0] = 2;
    CHECK(decode_take_along(newer, find).error().code == Errc::unsupported);
    std::string no_id = whole;
    no_id[7] = 0;  // the version of the UUID
    CHECK(decode_take_along(no_id, find).error().code == Errc::malformed);
    std::string no_language = whole;
    no_language[21] = 3;
    CHECK(decode_take_along(no_language, find).error().code == Errc::malformed);
}

TEST_CASE("changed bytes give an answer that fits its instrument, or none") {
    const std::string whole = bytes_of(half_done());
    for (std::size_t place = 0; place < whole.size(); ++place) {
        for (int value = 0; value < 256; ++value) {
            std::string changed = whole;
            changed[place] = static_cast<char>(value);
            const auto taken = decode_take_along(changed, find);
            if (taken) CHECK(bytes_of(*taken) == changed);
        }
    }
}

TEST_CASE("a half-done answer of a survey that is not served says so") {
    const auto none = [](std::string_view, int) -> const Instrument* { return nullptr; };
    CHECK(decode_take_along(bytes_of(half_done()), none).error().code == Errc::not_found);
}

TEST_CASE("a code is good for an hour, and a little before its time for clocks that are ahead") {
    CHECK(is_take_along_fresh(kNow, kNow));
    CHECK(is_take_along_fresh(kNow, kNow + kTakeAlongLife));
    CHECK_FALSE(is_take_along_fresh(kNow, kNow + kTakeAlongLife + minutes(1)));
    CHECK(is_take_along_fresh(kNow, kNow - kTakeAlongClockError));
    CHECK_FALSE(is_take_along_fresh(kNow, kNow - kTakeAlongClockError - minutes(1)));
}
