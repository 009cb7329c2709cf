#include "kiosk/ui/typeset.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "survey/utf8.hpp"

namespace kaiku::ui {

namespace {

constexpr float kSlack = 0.002F;  ///< mm, for sums that rounded differently

bool lacks_glyph(const ImFont* font, std::string_view text) {
    for (const char32_t character : survey::decode_utf8(text)) {
        if (character == U'\n' || character == 0xAD) continue;
        if (font->FindGlyphNoFallback(static_cast<ImWchar>(character)) == nullptr) return true;
    }
    return false;
}

std::size_t next_code_point(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    return at;
}

}  // namespace

Typesetter::Typesetter(const Fonts& fonts, const Panel& panel)
    : fonts_(fonts),
      x_px_per_mm_(static_cast<float>(panel.width_px / panel.width_mm)),
      y_px_per_mm_(static_cast<float>(panel.height_px / panel.height_mm)) {}

ImFont* Typesetter::font(Face face) const {
    switch (face) {
        case Face::small:
            return fonts_.small;
        case Face::body:
            return fonts_.body;
        case Face::strong:
            return fonts_.strong;
        case Face::title:
            return fonts_.title;
        case Face::display:
            return fonts_.display;
    }
    return fonts_.body;
}

float Typesetter::line(Face face) const { return font(face)->FontSize / y_px_per_mm_; }

float Typesetter::capital(Face face) const {
    const ImFontGlyph* glyph = font(face)->FindGlyph('H');
    return (glyph->Y1 - glyph->Y0) / y_px_per_mm_;
}

float Typesetter::width(Face face, std::string_view text) const {
    const ImFont* used = font(face);
    const ImVec2 size =
        used->CalcTextSizeA(used->FontSize, 1e9F, 0.0F, text.data(), text.data() + text.size());
    return size.x / x_px_per_mm_;
}

void Typesetter::set_paragraph(std::string_view text, float limit, TextBlock& block) const {
    std::string current;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = text.find(' ', at);
        if (end == std::string_view::npos) end = text.size();
        const std::string word(text.substr(at, end - at));
        at = end < text.size() ? end + 1 : end;
        std::string candidate = current.empty() ? word : current + ' ' + word;
        if (width(block.face, candidate) <= limit + kSlack) {
            current = std::move(candidate);
            continue;
        }
        if (!current.empty()) block.lines.push_back(std::exchange(current, {}));
        current = word;
        while (width(block.face, current) > limit + kSlack) {
            std::size_t cut = next_code_point(current, 0);
            for (std::size_t next = next_code_point(current, cut);
                 next < current.size() &&
                 width(block.face, std::string_view(current).substr(0, next)) <= limit;
                 next = next_code_point(current, next)) {
                cut = next;
            }
            if (cut >= current.size()) break;
            block.broken = true;
            block.lines.push_back(current.substr(0, cut));
            current.erase(0, cut);
        }
    }
    block.lines.push_back(std::move(current));
}

TextBlock Typesetter::set(std::string_view text, Face face, float limit) const {
    TextBlock block;
    block.face = face;
    block.whole = text;
    block.missing = lacks_glyph(font(face), text);
    std::size_t at = 0;
    for (;;) {
        const std::size_t end = text.find('\n', at);
        set_paragraph(text.substr(at, end == std::string_view::npos ? end : end - at), limit,
                      block);
        if (end == std::string_view::npos) break;
        at = end + 1;
    }
    for (const std::string& each : block.lines) block.w = std::max(block.w, width(face, each));
    block.h = static_cast<float>(block.lines.size()) * line(face);
    return block;
}

TextBlock Typesetter::balance(std::string_view text, Face face, float limit) const {
    TextBlock best = set(text, face, limit);
    if (best.broken || best.lines.size() < 2) return best;
    float low = limit / static_cast<float>(best.lines.size() + 1);
    float high = limit;
    for (int step = 0; step < 7; ++step) {
        const float middle = (low + high) / 2;
        TextBlock tried = set(text, face, middle);
        if (!tried.broken && tried.lines.size() == best.lines.size()) {
            best = std::move(tried);
            high = middle;
        } else {
            low = middle;
        }
    }
    return best;
}

bool Typesetter::fits(const TextBlock& block, float width, float height) {
    return !block.broken && block.w <= width + kSlack && block.h <= height + kSlack;
}

TextBlock Typesetter::fit(std::string_view text, float limit, float height,
                          std::initializer_list<Face> faces) const {
    TextBlock block;
    for (const Face face : faces) {
        block = balance(text, face, limit);
        if (fits(block, limit, height)) break;
    }
    return block;
}

}  // namespace kaiku::ui
