#include "kiosk/platform/fonts.hpp"

#include <ft2build.h>
#include <imgui.h>
#include <imgui_freetype.h>

#include FT_FREETYPE_H
#include FT_ADVANCES_H

#include <cmath>
#include <system_error>

#include "kiosk/ui/masks.hpp"
#include "kiosk/ui/theme.hpp"

namespace kaiku::platform {

namespace {

/// Inter 4: ascent 1984, descent 494, capital height 1490 units.
constexpr double kInterHeightPerCapital = (1984.0 + 494.0) / 1490.0;
/// DejaVu Sans 2.37: ascent 1901, descent 483, capital height 1493 units.
constexpr double kDejaVuHeightPerCapital = (1901.0 + 483.0) / 1493.0;

bool all_readable(const FontFiles& files) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(files.regular, ignored) &&
           std::filesystem::is_regular_file(files.semi_bold, ignored) &&
           std::filesystem::is_regular_file(files.bold, ignored);
}

ImVector<ImWchar> glyph_ranges(const std::string& glyphs) {
    static constexpr ImWchar kAlways[] = {0x20, 0x7E, 0};
    ImFontGlyphRangesBuilder builder;
    builder.AddRanges(kAlways);
    builder.AddText(glyphs.data(), glyphs.data() + glyphs.size());
    ImVector<ImWchar> ranges;
    builder.BuildRanges(&ranges);
    return ranges;
}

/// ImGui's builder rounds every advance up to a whole pixel, which spaces text out. This puts the
/// font's own advances back, with `tracking` (in em) added.
void restore_advances(ImFont& font, const std::filesystem::path& file, double tracking) {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    if (FT_Init_FreeType(&library) != 0) return;
    if (FT_New_Face(library, file.string().c_str(), 0, &face) == 0) {
        const double units = face->ascender - face->descender;
        const double px_per_unit = static_cast<double>(font.FontSize) / units;
        const double extra = tracking * face->units_per_EM * px_per_unit;
        for (ImFontGlyph& glyph : font.Glyphs) {
            FT_Fixed advance = 0;
            const FT_UInt index = FT_Get_Char_Index(face, glyph.Codepoint);
            if (FT_Get_Advance(face, index, FT_LOAD_NO_SCALE, &advance) != 0) continue;
            glyph.AdvanceX = static_cast<float>(static_cast<double>(advance) * px_per_unit + extra);
        }
        font.BuildLookupTable();
        FT_Done_Face(face);
    }
    FT_Done_FreeType(library);
}

/// The font files are not needed once the glyphs are drawn. (ClearInputData would forget the masks'
/// places too.)
void free_files(ImFontAtlas& atlas) {
    for (ImFontConfig& config : atlas.ConfigData) {
        if (!config.FontDataOwnedByAtlas) continue;
        IM_FREE(config.FontData);
        config.FontData = nullptr;
        config.FontDataOwnedByAtlas = false;
    }
}

}  // namespace

FontSet::FontSet() : atlas(std::make_unique<ImFontAtlas>()) {}
FontSet::~FontSet() = default;

Result<FontFiles> find_fonts(const std::filesystem::path& font_dir,
                             const std::filesystem::path& fallback_dir) {
    const FontFiles inter{font_dir / "Inter-Regular.otf", font_dir / "Inter-SemiBold.otf",
                          font_dir / "Inter-Bold.otf", kInterHeightPerCapital};
    if (all_readable(inter)) return inter;
    const FontFiles fallback{fallback_dir / "DejaVuSans.ttf", fallback_dir / "DejaVuSans-Bold.ttf",
                             fallback_dir / "DejaVuSans-Bold.ttf", kDejaVuHeightPerCapital};
    if (all_readable(fallback)) return fallback;
    return fail(Errc::not_found, font_dir.string() +
                                     ": no Inter fonts here and no DejaVu Sans either; install "
                                     "the package fonts-inter");
}

Result<std::unique_ptr<FontSet>> build_fonts(const FontFiles& files, const ui::Panel& panel,
                                             flow::TextSize size, const std::string& glyphs) {
    auto set = std::make_unique<FontSet>();
    ImFontAtlas& atlas = *set->atlas;
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_NoHinting;
    atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
    ui::reserve_masks(atlas, panel);
    atlas.TexGlyphPadding = 1;
    const ImVector<ImWchar> ranges = glyph_ranges(glyphs);
    const ui::TypeScale scale = ui::type_scale(size);
    const double px_per_mm = panel.height_px / panel.height_mm;
    const auto add = [&](const std::filesystem::path& file, float capital_mm) {
        ImFontConfig config;
        config.OversampleH = 1;
        config.OversampleV = 1;
        config.PixelSnapH = false;
        const double height =
            static_cast<double>(capital_mm) * px_per_mm * files.height_per_capital;
        return atlas.AddFontFromFileTTF(
            file.string().c_str(), static_cast<float>(std::round(height)), &config, ranges.Data);
    };
    set->fonts.small = add(files.regular, scale.small_mm);
    set->fonts.body = add(files.regular, scale.body_mm);
    set->fonts.strong = add(files.semi_bold, scale.body_mm);
    set->fonts.title = add(files.bold, scale.title_mm);
    set->fonts.display = add(files.bold, scale.display_mm);
    for (const ImFont* font : {set->fonts.small, set->fonts.body, set->fonts.strong,
                               set->fonts.title, set->fonts.display}) {
        if (font == nullptr) {
            return fail(Errc::malformed,
                        files.regular.string() + ": not a usable font; reinstall fonts-inter");
        }
    }
    if (!atlas.Build()) return fail(Errc::invalid, "the fonts do not fit into one texture");
    ui::paint_masks(atlas, panel);
    // Large letters stand a little closer.
    restore_advances(*set->fonts.small, files.regular, 0.0);
    restore_advances(*set->fonts.body, files.regular, 0.0);
    restore_advances(*set->fonts.strong, files.semi_bold, 0.0);
    restore_advances(*set->fonts.title, files.bold, -0.012);
    restore_advances(*set->fonts.display, files.bold, -0.018);
    free_files(atlas);
    return set;
}

}  // namespace kaiku::platform
