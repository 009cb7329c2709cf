#pragma once

#include <cstdint>

namespace kaiku::survey {

/// 97.5 % point of the standard normal distribution.
inline constexpr double kZ975 = 1.959963984540054;

/// 97.5 % point of Student's t with `degrees` ≥ 1 degrees of freedom, to at least nine significant
/// digits. Up to 200 degrees the exact finite series of the distribution function is inverted,
/// above that an expansion around the normal quantile is used. Source: M. Abramowitz and I. A.
/// Stegun, Handbook of Mathematical Functions, 26.7.3–26.7.5.
double student_t_975(std::int64_t degrees) noexcept;

}  // namespace kaiku::survey
