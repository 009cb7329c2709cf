#include "kiosk/flow/activity.hpp"

namespace kaiku::flow {

namespace {

/// Speech goes on working over everything.
bool is_heard(const Event& event) noexcept {
    return std::visit(
        [](const auto& e) {
            return requires(Hearing & hearing) { hear(hearing, e); };
        },
        event);
}

}  // namespace

bool is_activity(const Event& event) noexcept {
    const auto* focused = std::get_if<event::Focused>(&event);
    if (focused != nullptr && focused->automatic) return false;
    return !std::holds_alternative<event::Ticked>(event) &&
           !std::holds_alternative<event::PhoneSealed>(event) &&
           !std::holds_alternative<event::PhoneFailed>(event) &&
           !std::holds_alternative<event::Saved>(event) &&
           !std::holds_alternative<event::SaveFailed>(event) &&
           !std::holds_alternative<event::StorageChanged>(event) &&
           !(std::holds_alternative<event::Staff>(event) &&
             is_report(std::get<event::Staff>(event).what));
}

bool passes_warning(const Event& event) noexcept {
    return !is_activity(event) || std::holds_alternative<event::Stayed>(event) ||
           std::holds_alternative<event::Left>(event) ||
           std::holds_alternative<event::Focused>(event) ||
           std::holds_alternative<event::LanguageChosen>(event) ||
           std::holds_alternative<event::SizeChanged>(event) ||
           std::holds_alternative<event::ContrastPressed>(event) || is_heard(event);
}

void end_pause(Hearing& hearing, const Event& event) noexcept {
    if (is_activity(event) && !std::holds_alternative<event::PausePressed>(event)) {
        hearing.paused = false;
    }
}

}  // namespace kaiku::flow
