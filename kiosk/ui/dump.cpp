#include "kiosk/ui/dump.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "kiosk/ui/theme.hpp"
#include "survey/words.hpp"

namespace kaiku::ui {

namespace {

std::string hex(Rgb colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b);
}

}  // namespace

std::string widget_json(const Widget& widget, std::string_view screen, survey::Language language,
                        flow::TextSize size, flow::Theme theme, const Panel& panel) {
    nlohmann::ordered_json json;
    json["screen"] = screen;
    json["language"] = survey::to_string(language);
    json["size"] = size_name(size);
    json["theme"] = theme_name(theme);
    json["panel"] = {{"name", panel.name},
                     {"width_px", panel.width_px},
                     {"height_px", panel.height_px},
                     {"width_mm", panel.width_mm},
                     {"height_mm", panel.height_mm}};
    json["id"] = widget.id;
    json["role"] = to_string(widget.role);
    json["label"] = widget.label;
    json["speech"] = widget.speech;
    json["spoken_in"] = survey::to_string(widget.spoken_in);
    json["x"] = widget.x;
    json["y"] = widget.y;
    json["w"] = widget.w;
    json["h"] = widget.h;
    json["fg"] = hex(widget.fg);
    json["bg"] = hex(widget.bg);
    json["focus_index"] = widget.focus_index;
    return json.dump();
}

std::vector<Panel> reference_panels() {
    return {
        {"7in-800x480", 800, 480, 154.1, 85.9},       {"7in-1024x600", 1024, 600, 154.2, 90.0},
        {"10in-1280x800", 1280, 800, 217.0, 135.6},   {"10in-800x1280", 800, 1280, 135.6, 217.0},
        {"15in-1920x1080", 1920, 1080, 344.2, 193.6}, {"21in-1080x1920", 1080, 1920, 267.8, 476.1},
        {"15in-3840x2160", 3840, 2160, 344.2, 193.6}};
}

}  // namespace kaiku::ui
