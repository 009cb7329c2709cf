#include "central/results/terminal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "survey/utf8.hpp"

namespace kaiku::central {

std::string bar(double share, std::size_t columns) {
    constexpr std::array kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double bounded = std::clamp(share, 0.0, 1.0);
    const auto eighths =
        static_cast<std::size_t>(std::lround(bounded * static_cast<double>(columns) * 8));
    std::string text;
    for (std::size_t full = 0; full < eighths / 8; ++full) {
        text += "█";
    }
    return text + kEighths.at(eighths % 8);
}

std::string nps_scale(double value, double low, double high, std::size_t columns) {
    const auto place = [columns](double nps) {
        const double share = (std::clamp(nps, -100.0, 100.0) + 100.0) / 200.0;
        return static_cast<std::size_t>(std::lround(share * static_cast<double>(columns - 1)));
    };
    std::string text;
    for (std::size_t column = 0; column < columns; ++column) {
        if (column == place(value)) {
            text += "●";
        } else if (column >= place(low) && column <= place(high)) {
            text += "━";
        } else if (column == place(0)) {
            text += "┼";
        } else {
            text += "─";
        }
    }
    return text;
}

std::string fit(std::string_view text, std::size_t columns, bool right) {
    const std::size_t length = survey::count_code_points(text);
    std::string fitted(text);
    if (length > columns) {
        while (survey::count_code_points(fitted) + 1 > columns && !fitted.empty()) {
            survey::pop_code_point(fitted);
        }
        return fitted + "…";
    }
    const std::string space(columns - length, ' ');
    return right ? space + fitted : fitted + space;
}

std::string signed_number(double value) {
    const long rounded = std::lround(value);
    if (rounded == 0) {
        return "0";
    }
    return (rounded > 0 ? "+" : "−") + std::to_string(std::labs(rounded));
}

std::string decimal(double value, int decimals, bool comma) {
    std::array<char, 32> digits{};
    const double scale = std::pow(10.0, decimals);
    // Half away from zero, as signed_number(): printf alone would round half to even.
    std::snprintf(digits.data(), digits.size(), "%.*f", decimals,
                  std::round(value * scale) / scale);
    std::string text = digits.data();
    if (comma) {
        std::replace(text.begin(), text.end(), '.', ',');
    }
    return text;
}

}  // namespace kaiku::central
