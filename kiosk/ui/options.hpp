#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kiosk/ui/frame.hpp"

/// A question or other heading with a list of things to pick from, on as many pages as it needs.
namespace kaiku::ui {

struct Option {
    std::string id;
    std::string label;
    bool selected = false;
    flow::Event event;
    Role role = Role::radio;
    Icon icon = Icon::none;
};

/// Draws heading, options and footer. `forward` is what the last page has beside back; a page
/// before it offers "more", and `forward` too when `may_go_on`.
void draw_option_pages(Canvas& canvas, const Frame& frame, const std::string& text,
                       const std::vector<Option>& options, const std::vector<FooterButton>& forward,
                       bool may_go_on, Said& said);

}  // namespace kaiku::ui
