#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "kiosk/flow/flow.hpp"
#include "kiosk/ui/panel.hpp"
#include "kiosk/ui/screens.hpp"
#include "survey/result.hpp"

struct ImFontAtlas;

namespace kaiku::platform {

/// The three weights of one family, as files.
struct FontFiles {
    std::filesystem::path regular, semi_bold, bold;
    /// Ascent + descent over the height of a capital H: turns millimetres of capital into the
    /// pixel height that ImGui's font builder wants.
    double height_per_capital = 1.0;
};

/// Inter from `font_dir`, else DejaVu Sans from `fallback_dir`. Error names the package to install.
Result<FontFiles> find_fonts(
    const std::filesystem::path& font_dir,
    const std::filesystem::path& fallback_dir = "/usr/share/fonts/truetype/dejavu");

/// One text size: an atlas and the fonts in it.
struct FontSet {
    FontSet();
    ~FontSet();
    FontSet(const FontSet&) = delete;
    FontSet& operator=(const FontSet&) = delete;

    std::unique_ptr<ImFontAtlas> atlas;
    ui::Fonts fonts;
};

/// Rasterises one text size for a panel; `glyphs` is UTF-8 text holding every character needed.
Result<std::unique_ptr<FontSet>> build_fonts(const FontFiles& files, const ui::Panel& panel,
                                             flow::TextSize size, const std::string& glyphs);

}  // namespace kaiku::platform
