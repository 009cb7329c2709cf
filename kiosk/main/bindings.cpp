#include "kiosk/main/options.hpp"
#include "kiosk/platform/display.hpp"

namespace kaiku::kiosk {

std::map<std::uint32_t, flow::KeyAction> default_bindings() {
    using flow::KeyAction;
    Options options;
    (void)bind_keys(options, KeyAction::previous, {"Left", "Up", "Shift+Tab"});
    (void)bind_keys(options, KeyAction::next, {"Right", "Down", "Tab"});
    (void)bind_keys(options, KeyAction::select, {"Return", "Space", "Keypad Enter"});
    (void)bind_keys(options, KeyAction::switch_1, {"F9"});
    (void)bind_keys(options, KeyAction::switch_2, {"F10"});
    return options.bindings;
}

std::optional<std::string> bind_keys(Options& options, flow::KeyAction action,
                                     const std::vector<std::string>& names) {
    std::erase_if(options.bindings, [action](const auto& bound) { return bound.second == action; });
    for (const std::string& name : names) {
        const std::uint32_t code = platform::key_code(name);
        if (code == 0 || !options.bindings.emplace(code, action).second) return name;
    }
    return std::nullopt;
}

}  // namespace kaiku::kiosk
