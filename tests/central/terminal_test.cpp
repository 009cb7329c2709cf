#include "central/results/terminal.hpp"

#include "central/results/csv.hpp"
#include "survey/utf8.hpp"
#include "tests/support/catch.hpp"

namespace kaiku::central {

TEST_CASE("bars grow by eighths and never beyond their columns") {
    CHECK(bar(0, 10).empty());
    CHECK(bar(0.5, 10) == "█████");
    CHECK(bar(1.0 / 80, 10) == "▏");
    CHECK(bar(1, 3) == "███");
    CHECK(bar(7, 3) == "███");
    CHECK(bar(-1, 3).empty());
}

TEST_CASE("the scale shows value, interval and zero at their places") {
    CHECK(nps_scale(0, -50, 50, 9) == "──━━●━━──");
    CHECK(nps_scale(100, 80, 100, 21) == "──────────┼───────━━●");
    CHECK(survey::count_code_points(nps_scale(-100, -100, -90, 60)) == 60);
}

TEST_CASE("text is cut and filled by characters, not bytes") {
    CHECK(fit("äö", 4) == "äö  ");
    CHECK(fit("äö", 4, true) == "  äö");
    CHECK(fit("ääkköset", 4) == "ääk…");
}

TEST_CASE("numbers are written as people read them") {
    CHECK(signed_number(57.4) == "+57");
    CHECK(signed_number(-3.6) == "−4");
    CHECK(signed_number(-0.2) == "0");
    CHECK(decimal(4.25, 1, true) == "4,3");
    CHECK(decimal(4.3, 1, false) == "4.3");
}

TEST_CASE("csv quotes what needs it and disarms formulas in free text") {
    CHECK(CsvLine().text("a").text("b,c").text("d\"e").text("f\ng").finish() ==
          "a,\"b,c\",\"d\"\"e\",\"f\ng\"\r\n");
    CHECK(CsvLine().free_text("=1+1").free_text("-2").free_text("hyvä").finish() ==
          "'=1+1,'-2,hyvä\r\n");
    CHECK(CsvLine().number(0.1).integer(-5).empty(2).finish() == "0.1,-5,,\r\n");
}

}  // namespace kaiku::central
