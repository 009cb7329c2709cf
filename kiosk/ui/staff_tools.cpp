#include "kiosk/ui/staff.hpp"

namespace kaiku::ui {

void draw_staff_tools(Canvas& canvas, Said& said) {
    using flow::StaffPage;
    using flow::staff::PageOpened;
    using locales::Key;
    const auto& words = canvas.model.said();
    StaffList list;
    list.title = words[Key::staff_tools_title];
    const flow::SoundState sound = canvas.model.state.staff.facts.sound;
    if (sound != flow::SoundState::unknown) {
        list.items.push_back(
            {"staff.sound", words[Key::staff_fact_sound], sound_words(canvas), std::nullopt});
    }
    const auto tool = [&](const char* id, Key label, flow::StaffEvent event) {
        list.items.push_back(
            {std::string("staff.") + id, words[label], "", std::move(event), Role::button, false});
    };
    tool("cleaning", Key::staff_tool_cleaning, PageOpened{StaffPage::cleaning});
    tool("touch_test", Key::staff_tool_touch, PageOpened{StaffPage::touch_test});
    tool("panel", Key::staff_tool_panel, PageOpened{StaffPage::panel});
    tool("settings", Key::staff_tool_settings, PageOpened{StaffPage::settings});
    tool("hours", Key::staff_tool_hours, PageOpened{StaffPage::hours});
    tool("send", Key::staff_tool_send, flow::staff::SendAsked{});
    tool("tone", Key::staff_tool_tone, flow::staff::ToneAsked{});
    tool("log", Key::staff_tool_log, PageOpened{StaffPage::log});
    tool("code", Key::staff_tool_code, PageOpened{StaffPage::code});
    tool("restart", Key::staff_tool_restart, flow::staff::RestartAsked{});
    draw_staff_list(canvas, list, said);
}

}  // namespace kaiku::ui
