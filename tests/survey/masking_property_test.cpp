#include <array>
#include <random>
#include <string>

#include "survey/masking.hpp"
#include "survey/utf8.hpp"
#include "tests/support/catch.hpp"

using kaiku::survey::mask_identifiers;

namespace {

using Random = std::mt19937;

int pick(Random& random, int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
}

template <std::size_t N>
std::string pick(Random& random, const std::array<const char*, N>& from) {
    return from[static_cast<std::size_t>(pick(random, 0, static_cast<int>(N) - 1))];
}

std::string two_digits(int value) {
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

constexpr std::array<const char*, 19> kSeparators{"+", "-", "Y", "X", "W", "V", "U", "A", "B", "C",
                                                  "D", "E", "F", "a", "y", "–", "—", "−", "‑"};
constexpr std::array<const char*, 8> kBefore{"Hetuni on ",
                                             "Kävin 12.3.2024 klo 8.30, ",
                                             "Äitini (",
                                             "Min personbeteckning är ",
                                             "Jag väntade 45 min på avdelning 3. ",
                                             "",
                                             "tunnus:",
                                             "Lasku 41,20 € / "};
constexpr std::array<const char*, 8> kAfter{".",
                                            ") odotti 2 tuntia.",
                                            ", kiitos!",
                                            "",
                                            " oli väärin 10 kertaa.",
                                            " – tack för vården",
                                            ":n aika",
                                            "\nHälsningar"};

struct Code {
    std::string date;
    std::string number;
    char check = '0';
};

Code make_code(Random& random) {
    Code code;
    code.date = two_digits(pick(random, 1, 28)) + two_digits(pick(random, 1, 12)) +
                two_digits(pick(random, 0, 99));
    const int number = pick(random, 2, 899);
    code.number = std::to_string(1000 + number).substr(1);
    const std::string all = code.date + code.number;
    code.check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[std::stoll(all) % 31];
    return code;
}

char any_case(Random& random, char c) {
    const bool lower = c >= 'A' && c <= 'Z' && pick(random, 0, 1) == 1;
    return lower ? static_cast<char>(c - 'A' + 'a') : c;
}

void check_masked(const std::string& before, const std::string& identifier,
                  const std::string& after, const std::string& mark) {
    const std::string text = before + identifier + after;
    const auto result = mask_identifiers(text);
    if (result.text != before + mark + after) {
        CAPTURE(text, result.text);
        FAIL_CHECK("an identifier in this text is not masked");
    }
}

}  // namespace

TEST_CASE("ten thousand generated identity codes are masked in their sentences") {
    Random random(5);
    for (int round = 0; round < 10000; ++round) {
        const Code code = make_code(random);
        const std::string written =
            code.date + pick(random, kSeparators) + code.number + any_case(random, code.check);
        check_masked(pick(random, kBefore), written, pick(random, kAfter), "[hetu]");
    }
}

TEST_CASE("generated identity codes with blanks are masked") {
    Random random(6);
    for (int round = 0; round < 5000; ++round) {
        const Code code = make_code(random);
        std::string written = code.date;
        if (pick(random, 0, 1) == 1) written.insert(4, " ").insert(2, " ");
        written += pick(random, std::array<const char*, 4>{"", " ", "  ", "\u00A0"});
        written += pick(random, kSeparators);
        written += pick(random, std::array<const char*, 3>{"", " ", "\u00A0"});
        written += code.number;
        if (pick(random, 0, 3) == 0) written += " ";
        written += any_case(random, code.check);
        check_masked(pick(random, kBefore), written, pick(random, kAfter), "[hetu]");
    }
}

TEST_CASE("generated look-alikes with a wrong check character are masked") {
    Random random(7);
    for (int round = 0; round < 5000; ++round) {
        const Code code = make_code(random);
        const char wrong = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[pick(random, 0, 35)];
        const std::string written =
            code.date + pick(random, kSeparators) + code.number + any_case(random, wrong);
        check_masked(pick(random, kBefore), written, pick(random, kAfter), "[hetu]");
    }
}

TEST_CASE("generated phone numbers are masked in their sentences") {
    Random random(8);
    constexpr std::array<const char*, 9> kPrefixes{"040", "041",  "044",     "045",   "046",
                                                   "050", "0400", "+358 40", "+35850"};
    constexpr std::array<const char*, 4> kGaps{"", " ", "-", "\u00A0"};
    for (int round = 0; round < 5000; ++round) {
        const std::string gap = pick(random, kGaps);
        const std::string written = pick(random, kPrefixes) + gap +
                                    std::to_string(pick(random, 100, 999)) + gap +
                                    std::to_string(pick(random, 1000, 9999));
        std::string after = pick(random, kAfter);
        check_masked(pick(random, std::array<const char*, 4>{"Soita ", "Ring ", "", "puh. "}),
                     written, after, "[tel]");
    }
}

TEST_CASE("generated dates, times and prices stay") {
    Random random(9);
    for (int round = 0; round < 5000; ++round) {
        const std::string day = std::to_string(pick(random, 1, 31));
        const std::string month = std::to_string(pick(random, 1, 12));
        const std::string time = two_digits(pick(random, 0, 23)) +
                                 pick(random, std::array<const char*, 2>{":", "."}) +
                                 two_digits(pick(random, 0, 59));
        const std::string text =
            "Kävin " + day + "." + month + "." + std::to_string(pick(random, 1990, 2030)) +
            " klo " + time + "-" + time + " ja " + two_digits(pick(random, 0, 31)) + "." +
            two_digits(pick(random, 1, 12)) + "." + std::to_string(pick(random, 1990, 2030)) +
            ", maksoin " + std::to_string(pick(random, 0, 9999)) + "," +
            two_digits(pick(random, 0, 99)) + " € ja odotin " +
            std::to_string(pick(random, 0, 300)) + " min. " +
            std::to_string(pick(random, 10000, 99999)) + " Helsinki";
        const auto result = mask_identifiers(text);
        if (result.text != text) {
            CAPTURE(text, result.text);
            FAIL_CHECK("this text must stay as it is");
        }
    }
}

TEST_CASE("masking a masked text changes nothing") {
    Random random(10);
    constexpr std::array<const char*, 34> kPieces{
        "1",  "0", "04",          "358",        "131052", "308",    "T",    "-",  "+",
        " ",  ".", "@",           "(",          ")",      "a",      "ä",    "fi", "–",
        "\n", ",", "A",           "(at)",       " ät ",   "040123", "4567", "00", "[",
        "]",  "x", "131052-308T", "0401234567", "a@b.fi", "\xC3",   "\xFF"};
    for (int round = 0; round < 30000; ++round) {
        std::string text;
        for (int i = pick(random, 0, 14); i > 0; --i) text += pick(random, kPieces);
        const std::string once = mask_identifiers(text).text;
        const auto twice = mask_identifiers(once);
        if (twice.text != once || twice.total() != 0) {
            CAPTURE(text, once, twice.text);
            FAIL_CHECK("masking is not idempotent here");
        }
    }
}

TEST_CASE("long chains of identifiers without anything between are masked in full") {
    const std::string piece = GENERATE(values<std::string>(
        {"131052-308T", "131052-308Z", "+358401234567", "(09)1234567", "131052–308T+358401234567,",
         "131052-308T0401234567;", "a@b.fi,", "040-1234567+", "0401234567-", "131052-3085 "}));
    std::string chain;
    for (int i = 0; i < 50; ++i) chain += piece;
    const auto once = mask_identifiers(chain);
    CAPTURE(piece, once.text);
    CHECK(once.total() >= 50);
    const auto twice = mask_identifiers(once.text);
    CHECK(twice.text == once.text);
    CHECK(twice.total() == 0);
}

TEST_CASE("masking keeps valid UTF-8 valid") {
    Random random(11);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (int i = 0; i < 40; ++i)
            kaiku::survey::append_utf8(text, pick(random, 0, 3) == 0
                                                 ? static_cast<char32_t>(pick(random, 0x80, 0xD7FF))
                                                 : static_cast<char32_t>(pick(random, 0x20, 0x7E)));
        CHECK(kaiku::survey::is_valid_utf8(mask_identifiers(text).text));
    }
}

namespace {

void check_bounded(const std::string& piece, std::size_t size) {
    std::string text;
    text.reserve(size + piece.size());
    while (text.size() < size) text += piece;
    const auto result = mask_identifiers(text);
    CAPTURE(piece);
    CHECK(result.text.size() <= 3 * text.size());
    // Quadratic time would take hours, and CTest's own limit ends it.
}

}  // namespace

TEST_CASE("ten megabytes of hostile text are masked in bounded time") {
    const std::string piece =
        GENERATE(values<std::string>({"1", "a", "0 ", "a@b dot ", "131052 - 308 "}));
    check_bounded(piece, std::size_t{10} * 1024 * 1024);
}

TEST_CASE("half a megabyte of any hostile text is masked in bounded time") {
    const std::string piece = GENERATE(values<std::string>(
        {"0",       "04",    "@",           "a@",          "a@b",   "a@b.", "00 ",
         "040 ",    "1 ",    "12-",         "(at)",        "a(at)", " ät ", "a ät b",
         "131052-", "+",     "+3",          "(",           "(0",    ".",    "-",
         "a.b",     " dot ", "131052-308T", "0401234567 ", "a ät ", "\xC3", "\xE2\x80\x93",
         "ä"}));
    check_bounded(piece, std::size_t{512} * 1024);
}
