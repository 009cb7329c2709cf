#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaiku::central {

/// One line of CSV (RFC 4180).
class CsvLine {
  public:
    /// Quotes what needs it.
    CsvLine& text(std::string_view value);
    /// People's own words: as text(), and a leading = + - @ tab or return gets an apostrophe, so
    /// that no spreadsheet takes it for a formula.
    CsvLine& free_text(std::string_view value);
    CsvLine& integer(std::int64_t value);
    /// The shortest text that reads back as the same number.
    CsvLine& number(double value);
    CsvLine& empty(std::size_t fields);
    /// The line with its end.
    std::string finish();

  private:
    void separate();
    std::string line_;
    bool first_ = true;
};

}  // namespace kaiku::central
