#include "survey/utf8.hpp"

#include "survey/result.hpp"
#include "tests/support/catch.hpp"

namespace survey = kaiku::survey;

TEST_CASE("what steers a terminal is no part of a line") {
    CHECK(kaiku::one_line("a\x1b[31mb\n") == "a\\u001b[31mb\\u000a");
    CHECK(kaiku::one_line("\xc2\x9bm") == "\\u009bm");
    CHECK(kaiku::fail(kaiku::Errc::invalid, "\x7f").value().detail == "\\u007f");
    CHECK(kaiku::one_line("x\xe2\x80\xaey") == "x\\u202ey");
    CHECK(kaiku::one_line("\xff\xe4z") == "\\u00ff\\u00e4z");
    CHECK(kaiku::one_line("Ärjä – “ok”") == "Ärjä – “ok”");
}

TEST_CASE("blank is what nobody would see") {
    for (const char* blank : {"", " ", "\n\t ", "\xc2\xa0", "\xe2\x80\x8b\xe3\x80\x80"})
        CHECK(survey::is_blank(blank));
    for (const char* seen : {"a", " . ", "ä", "\xe2\x80\x8b-"}) CHECK_FALSE(survey::is_blank(seen));
}

TEST_CASE("every scalar value survives encoding and decoding") {
    std::size_t wrong = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        std::string text;
        survey::append_utf8(text, c);
        if (!survey::is_valid_utf8(text) || survey::decode_utf8(text) != std::u32string(1, c) ||
            survey::count_code_points(text) != 1)
            ++wrong;
        survey::pop_code_point(text);
        if (!text.empty()) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("malformed sequences are no UTF-8") {
    const std::string bad = GENERATE(values<std::string>(
        {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80",
         "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
         "\xFF", "a\xC3(", "\xE2(\xA1", "\xE2\x82(", "\xF0(\x8C\xBC", "\xF0\x90(\xBC"}));
    CHECK_FALSE(survey::is_valid_utf8(bad));
}

TEST_CASE("backspace removes one whole character and leaves an empty text alone") {
    std::string text = "hyvä€";
    survey::pop_code_point(text);
    CHECK(text == "hyvä");
    survey::pop_code_point(text);
    CHECK(text == "hyv");
    text.clear();
    survey::pop_code_point(text);
    CHECK(text.empty());
}

TEST_CASE("characters are counted, not bytes") {
    CHECK(survey::count_code_points("") == 0);
    CHECK(survey::count_code_points("äö€😀") == 4);
    CHECK(survey::decode_utf8("ä€") == U"ä€");
}

TEST_CASE("controls and characters that turn the writing are made visible, all else stays") {
    CHECK(kaiku::one_line("Käpylä – Kottby 😀") == "Käpylä – Kottby 😀");
    CHECK(kaiku::one_line("a\tb\x1b[0m\x7f") == "a\\u0009b\\u001b[0m\\u007f");
    CHECK(kaiku::one_line("a\u0085b\u009fc\u00a0d") == "a\\u0085b\\u009fc\u00a0d");
    CHECK(kaiku::one_line("\u202egnp.exe\u2066\u200f\u061c\u2028") ==
          "\\u202egnp.exe\\u2066\\u200f\\u061c\\u2028");
}
