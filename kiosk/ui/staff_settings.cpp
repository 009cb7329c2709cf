#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

void draw_staff_settings(Canvas& canvas, Said& said) {
    using locales::Key;
    const auto& words = canvas.model.said();
    const flow::Setup& setup = canvas.model.setup;
    const flow::StaffState& staff = canvas.model.state.staff;
    StaffList list;
    list.title = words[Key::staff_settings_title];
    if (staff.saved) list.note = words[Key::staff_settings_saved];
    const std::string& used = flow::unit_in_use(setup, canvas.model.state);
    list.items.push_back({"staff.units", words[Key::staff_home_unit], "", std::nullopt});
    bool listed = false;
    for (const auto& unit : setup.staff.units) {
        listed = listed || unit.code == used;
        list.items.push_back({"staff.unit." + unit.code, unit.shown(), "",
                              flow::staff::UnitChosen{unit.code}, Role::radio, unit.code == used});
    }
    if (!listed) list.items.push_back({"staff.unit", used, "", std::nullopt});
    list.items.push_back(
        {"staff.instruments", words[Key::staff_fact_instrument], "", std::nullopt});
    const std::string& asked = staff.instrument.empty() ? setup.instrument->id : staff.instrument;
    for (const std::string& id : setup.staff.instruments) {
        list.items.push_back({"staff.instrument." + id, id, "", flow::staff::InstrumentChosen{id},
                              Role::radio, id == asked});
    }
    if (setup.staff.instruments.empty()) {
        list.items.push_back({"staff.instrument", asked, "", std::nullopt});
    }
    list.items.push_back({"staff.languages", words[Key::staff_settings_first], "", std::nullopt});
    for (const survey::Language language : {survey::Language::fi, survey::Language::sv}) {
        const auto& own = canvas.model.words[static_cast<std::size_t>(language)];
        list.items.push_back({"staff.first." + std::string(survey::to_string(language)),
                              own[Key::language_name], "", flow::staff::LanguageOrdered{language},
                              Role::radio, setup.first_language == language});
    }
    draw_staff_list(canvas, list, said);
}

}  // namespace kaiku::ui
