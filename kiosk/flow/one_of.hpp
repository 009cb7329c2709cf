#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

namespace kaiku::flow {

template <class Variant, class T>
inline constexpr bool kIsAlternative = false;
template <class... Alternatives, class T>
inline constexpr bool kIsAlternative<std::variant<Alternatives...>, T> =
    (std::same_as<Alternatives, T> || ...);

/// A kind that this std::variant may hold.
template <class T, class Variant>
concept AlternativeOf = kIsAlternative<Variant, std::remove_cvref_t<T>>;

}  // namespace kaiku::flow
