#include "central/people/role.hpp"

#include <algorithm>

namespace kaiku::central::people {
namespace {

/// Whether `unit` is `above` or lies below it. A circle of parents ends after as many steps as
/// there are units.
bool lies_in(std::string_view unit, std::string_view above, std::span<const Unit> units) {
    for (std::size_t step = 0; step <= units.size(); ++step) {
        const auto found = std::ranges::find(units, unit, &Unit::code);
        if (found == units.end()) return false;
        if (unit == above) return true;
        unit = found->parent;
    }
    return false;
}

}  // namespace

std::string_view to_string(Role role) noexcept {
    switch (role) {
        case Role::viewer:
            return "viewer";
        case Role::reader:
            return "reader";
        case Role::operating:
            return "operator";
        case Role::admin:
            break;
    }
    return "admin";
}

std::optional<Role> role_from(std::string_view name) noexcept {
    for (const Role role : {Role::viewer, Role::reader, Role::operating, Role::admin}) {
        if (name == to_string(role)) return role;
    }
    return std::nullopt;
}

bool has_right(Role role, Right right) noexcept {
    switch (right) {
        case Right::figures:
            return true;
        case Right::texts:
            return role == Role::reader || role == Role::admin;
        case Right::fleet:
            return role == Role::operating || role == Role::admin;
        case Right::people:
            break;
    }
    return role == Role::admin;
}

bool allows(std::span<const Grant> grants, Right right, const std::string& unit,
            std::span<const Unit> units) {
    return std::ranges::any_of(grants, [&](const Grant& grant) {
        if (!has_right(grant.role, right)) return false;
        if (grant.unit.empty()) return unit.empty() || lies_in(unit, unit, units);
        return !unit.empty() && lies_in(unit, grant.unit, units);
    });
}

}  // namespace kaiku::central::people
