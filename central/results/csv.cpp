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
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
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
    constexpr std::string_view kFormulaStarts = "=+-@\t\r";
    if (!value.empty() && kFormulaStarts.find(value.front()) != std::string_view::npos) {
        return text("'" + std::string(value));
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
