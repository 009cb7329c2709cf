#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "central/store/store.hpp"

/// Who may do what, by unit tree. Pure.
namespace kaiku::central::people {

enum class Role {
    viewer,     ///< sees figures
    reader,     ///< sees figures and open text
    operating,  ///< sees figures, looks after terminals
    admin       ///< everything, people too
};
/// "viewer", "reader", "operator", "admin".
std::string_view to_string(Role role) noexcept;
std::optional<Role> role_from(std::string_view name) noexcept;

enum class Right { figures, texts, fleet, people };

/// A role at a unit and everything below it; an empty unit stands for the whole organiser.
struct Grant {
    Role role = Role::viewer;
    std::string unit{};
    auto operator<=>(const Grant&) const = default;  // NOLINT(modernize-use-nullptr)
};

bool has_right(Role role, Right right) noexcept;

/// Whether one of the grants gives the right at this unit; `unit` empty: at the whole organiser,
/// which a grant for a single unit never gives. An unknown unit is below none.
bool allows(std::span<const Grant> grants, Right right, const std::string& unit,
            std::span<const Unit> units);

}  // namespace kaiku::central::people
