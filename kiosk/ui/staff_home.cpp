#include "kiosk/flow/staff_choice.hpp"
#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

namespace {

using locales::Key;

Key kind_key(survey::RespondentKind kind) {
    switch (kind) {
        case survey::RespondentKind::adult:
            return Key::staff_kind_adult;
        case survey::RespondentKind::youth:
            return Key::staff_kind_youth;
        case survey::RespondentKind::child:
            return Key::staff_kind_child;
        case survey::RespondentKind::relative:
            return Key::staff_kind_relative;
    }
    return Key::staff_kind_adult;
}

StaffItem unit_item(const flow::StaffUnit& unit, bool selected) {
    return {"staff.unit." + unit.code,          unit.shown(), "",
            flow::staff::UnitChosen{unit.code}, Role::radio,  selected};
}

void add_units(const Canvas& canvas, StaffList& list) {
    const flow::Setup& setup = canvas.model.setup;
    const std::string& used = flow::unit_in_use(setup, canvas.model.state);
    for (const auto& unit : flow::units_to_choose(setup, canvas.model.state)) {
        list.items.push_back(unit_item(unit, unit.code == used));
    }
}

}  // namespace

void draw_staff_home(Canvas& canvas, Said& said) {
    const auto& words = canvas.model.said();
    const flow::StaffState& staff = canvas.model.state.staff;
    StaffList list;
    list.title = words[Key::staff_home_title];
    list.note = words[scan_trouble(canvas).value_or(Key::staff_home_scan)];
    list.items.push_back({"staff.units", words[Key::staff_home_unit], "", std::nullopt});
    add_units(canvas, list);
    if (canvas.model.setup.staff.camera) {
        list.items.push_back(
            {"staff.camera", words[Key::staff_home_camera], "", flow::staff::CameraAsked{}});
    }
    const auto& people = canvas.model.setup.people;
    if (people.size() > 1) {
        list.items.push_back({"staff.kinds", words[Key::staff_home_kind], "", std::nullopt});
    }
    for (std::size_t i = 0; people.size() > 1 && i < people.size(); ++i) {
        const survey::RespondentKind kind = people[i].kind;
        list.items.push_back({"staff.kind." + std::string(survey::to_string(kind)),
                              words[kind_key(kind)], "", flow::staff::RespondentChosen{kind},
                              Role::radio, staff.respondent == kind});
    }
    list.items.push_back({"staff.who", words[Key::staff_home_who], "", std::nullopt});
    list.items.push_back({"staff.self", words[Key::staff_home_self], "",
                          flow::staff::AssistedChosen{false}, Role::radio, !staff.assisted});
    list.items.push_back({"staff.assisted", words[Key::staff_home_assisted], "",
                          flow::staff::AssistedChosen{true}, Role::radio, staff.assisted});
    list.items.push_back({"staff.others", words[Key::staff_home_device], "", std::nullopt});
    list.items.push_back({"staff.view", words[Key::staff_view_open], "",
                          flow::staff::PageOpened{flow::StaffPage::view}});
    list.actions = {staff_button("staff.hand_over", words[Key::staff_home_hand_over],
                                 flow::staff::HandedOver{}, Look::primary)};
    draw_staff_list(canvas, list, said);
}

/// No picture is shown: the camera sees the client too.
void draw_staff_camera(Canvas& canvas, Said& said) {
    const auto& words = canvas.model.said();
    StaffList list;
    list.title = words[Key::staff_home_camera];
    list.note = words[scan_trouble(canvas).value_or(Key::staff_camera_lead)];
    draw_staff_list(canvas, list, said);
}

}  // namespace kaiku::ui
