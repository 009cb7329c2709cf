#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/ui/panel.hpp"
#include "kiosk/ui/recorder.hpp"

namespace kaiku::ui {

/// One widget as one line of JSON without a newline: {screen, language, size, theme, panel:{name,
/// width_px, height_px, width_mm, height_mm}, id, role, label, speech, spoken_in, x, y, w, h, fg,
/// bg, focus_index}. Pixels; colours "#rrggbb".
std::string widget_json(const Widget& widget, std::string_view screen, survey::Language language,
                        flow::TextSize size, flow::Theme theme, const Panel& panel);

/// The panels that the terminal is designed and tested for, small to large.
std::vector<Panel> reference_panels();

}  // namespace kaiku::ui
