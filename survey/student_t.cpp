#include "survey/student_t.hpp"

#include <cmath>
#include <numbers>

#include "survey/result.hpp"

namespace kaiku::survey {
namespace {

constexpr std::int64_t kExactUpTo = 200;

/// P(|T| ≤ t) by the finite series, 26.7.3 (odd) and 26.7.4 (even).
double central_probability(double t, std::int64_t degrees) noexcept {
    const double nu = static_cast<double>(degrees);
    const double theta = std::atan(t / std::sqrt(nu));
    const double cosine2 = nu / (nu + t * t);
    const bool odd = degrees % 2 == 1;
    // Terms of the bracket: 1, then each the one before times cos²θ · (k − 1)/k.
    double term = 1;
    double sum = degrees == 1 ? 0 : 1;
    for (std::int64_t k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
        term *= cosine2 * static_cast<double>(k - 1) / static_cast<double>(k);
        sum += term;
    }
    if (!odd) return std::sin(theta) * sum;
    return 2 / std::numbers::pi * (theta + std::sin(theta) * std::cos(theta) * sum);
}

/// 26.7.5, an expansion in powers of 1/ν around the normal quantile.
double by_expansion(double nu) noexcept {
    const double x = kZ975;
    const double x2 = x * x;
    const double g1 = x * (x2 + 1) / 4;
    const double g2 = x * ((5 * x2 + 16) * x2 + 3) / 96;
    const double g3 = x * (((3 * x2 + 19) * x2 + 17) * x2 - 15) / 384;
    const double g4 = x * ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) / 92160;
    return x + (g1 + (g2 + (g3 + g4 / nu) / nu) / nu) / nu;
}

}  // namespace

double student_t_975(std::int64_t degrees) noexcept {
    KAIKU_ASSERT(degrees >= 1);
    if (degrees > kExactUpTo) return by_expansion(static_cast<double>(degrees));
    double low = kZ975;
    double high = 13;  // above the quantile of one degree, 12.706
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (central_probability(middle, degrees) < 0.95 ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace kaiku::survey
