#include "central/results/csv.hpp"

#include <array>
#include <charconv>

namespace kaiku::central {

void CsvLine::separate() {
    if (!first_) {
        line_ += ',';
    }
    first_ = false;
}

CsvLine& CsvLine::text(std::string_view value) {
    separate();
    if (value.find_first_of(",;\"\t\r\n") == std::string_view::npos) {
        line_ += value;
        return *this;
    }
    line_ += '"';
    for (const char letter : value) {
        line_ += letter;
        if (letter == '"') {
            line_ += '"';
        }
    }
    line_ += '"';
    return *this;
}

CsvLine& CsvLine::free_text(std::string_view value) {
    // Blanks, a byte order mark and a zero-width space do not keep a spreadsheet from a formula;
    // nor do the full-width signs.
    constexpr std::array<std::string_view, 6> kUnseen{" ",      "\n",     "\u00a0",
                                                      "\u3000", "\ufeff", "\u200b"};
    constexpr std::array<std::string_view, 10> kFormulaStarts{
        "=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    std::string_view rest = value;
    for (bool found = true; found;) {
        found = false;
        for (const std::string_view unseen : kUnseen) {
            if (!rest.starts_with(unseen)) continue;
            rest.remove_prefix(unseen.size());
            found = true;
        }
    }
    for (const std::string_view start : kFormulaStarts) {
        if (rest.starts_with(start)) return text("'" + std::string(value));
    }
    return text(value);
}

CsvLine& CsvLine::integer(std::int64_t value) { return text(std::to_string(value)); }

CsvLine& CsvLine::number(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return text(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

CsvLine& CsvLine::empty(std::size_t fields) {
    for (std::size_t count = 0; count < fields; ++count) {
        text({});
    }
    return *this;
}

std::string CsvLine::finish() { return std::move(line_) + "\r\n"; }

}  // namespace kaiku::central
