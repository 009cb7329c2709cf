#include "kiosk/flow/staff_choice.hpp"

#include <algorithm>

#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

bool knows_unit(const Setup& setup, const std::string& code) {
    const auto& units = setup.staff.units;
    return !code.empty() &&
           (code == setup.unit || std::any_of(units.begin(), units.end(),
                                              [&](const auto& each) { return each.code == code; }));
}

StaffChoice recalled_choice(const Setup& setup) {
    StaffChoice recalled;
    for (const std::string& code : setup.staff.remembered.units) {
        const bool twice = std::ranges::find(recalled.units, code) != recalled.units.end();
        if (!twice && knows_unit(setup, code)) recalled.units.push_back(code);
    }
    const auto kind = setup.staff.remembered.respondent;
    if (std::ranges::any_of(setup.people, [&](const Offer& each) { return each.kind == kind; })) {
        recalled.respondent = kind;
    }
    return recalled;
}

void note_choice(const Setup& setup, State& state) {
    StaffChoice& used = state.staff.used;
    const std::string& unit = unit_in_use(setup, state);
    std::erase(used.units, unit);
    if (!unit.empty()) used.units.insert(used.units.begin(), unit);
    used.respondent = state.staff.respondent;
}

std::vector<StaffUnit> units_to_choose(const Setup& setup, const State& state) {
    std::vector<StaffUnit> units;
    const auto add = [&](const std::string& code) {
        const auto is_it = [&](const StaffUnit& each) { return each.code == code; };
        if (std::ranges::any_of(units, is_it)) return;
        const auto known = std::ranges::find_if(setup.staff.units, is_it);
        units.push_back(known == setup.staff.units.end() ? StaffUnit{code, "", ""} : *known);
    };
    add(unit_in_use(setup, state));
    for (const std::string& code : state.staff.used.units) add(code);
    for (const StaffUnit& unit : setup.staff.units) add(unit.code);
    return units;
}

}  // namespace kaiku::flow
