#include "kiosk/ui/theme.hpp"

#include <algorithm>
#include <cmath>

namespace kaiku::ui {

namespace {

constexpr Palette kStandard{.paper = {0xFB, 0xF8, 0xF2},
                            .card = {0xFF, 0xFF, 0xFF},
                            .tint = {0xE4, 0xEE, 0xF4},
                            .ink = {0x10, 0x24, 0x3A},
                            .soft = {0x2B, 0x3D, 0x50},
                            .accent = {0x0B, 0x3C, 0x5D},
                            .on_accent = {0xFF, 0xFF, 0xFF},
                            .line = {0x76, 0x86, 0x9A},
                            .warm = {0xF3, 0xE7, 0xD3}};
constexpr Palette kNight{.paper = {0x0B, 0x14, 0x1D},
                         .card = {0x13, 0x1E, 0x29},
                         .tint = {0x10, 0x1A, 0x25},
                         .ink = {0xDA, 0xD5, 0xCA},
                         .soft = {0xD0, 0xCB, 0xBF},
                         .accent = {0xBC, 0xCC, 0xD9},
                         .on_accent = {0x0B, 0x14, 0x1D},
                         .line = {0x7C, 0x8A, 0x98},
                         .warm = {0x2A, 0x2A, 0x28}};
constexpr Rgb kBlack{0, 0, 0};
constexpr Rgb kWhite{0xFF, 0xFF, 0xFF};
constexpr Palette kContrastDark{kBlack, kBlack, kBlack, kWhite, kWhite,
                                kWhite, kBlack, kWhite, kBlack};
constexpr Palette kContrastLight{kWhite, kWhite, kWhite, kBlack, kBlack,
                                 kBlack, kWhite, kBlack, kWhite};

double luminance(Rgb colour) {
    const auto linear = [](std::uint8_t value) {
        const double share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b);
}

}  // namespace

const Palette& palette(flow::Theme theme) noexcept {
    switch (theme) {
        case flow::Theme::standard:
            return kStandard;
        case flow::Theme::contrast_dark:
            return kContrastDark;
        case flow::Theme::contrast_light:
            return kContrastLight;
    }
    return kStandard;
}

const Palette& night_palette() noexcept { return kNight; }

TypeScale type_scale(flow::TextSize size) noexcept {
    switch (size) {
        case flow::TextSize::s:
            return {3.6F, 4.2F, 5.8F, 7.6F};
        case flow::TextSize::m:
            return {4.0F, 5.0F, 6.9F, 8.8F};
        case flow::TextSize::l:
            return {5.2F, 6.4F, 7.9F, 9.8F};
        case flow::TextSize::xl:
            return {6.9F, 8.6F, 9.4F, 11.0F};
    }
    return {};
}

std::string_view theme_name(flow::Theme theme) noexcept {
    switch (theme) {
        case flow::Theme::standard:
            return "default";
        case flow::Theme::contrast_dark:
            return "contrast-dark";
        case flow::Theme::contrast_light:
            return "contrast-light";
    }
    return "";
}

std::string_view size_name(flow::TextSize size) noexcept {
    switch (size) {
        case flow::TextSize::s:
            return "s";
        case flow::TextSize::m:
            return "m";
        case flow::TextSize::l:
            return "l";
        case flow::TextSize::xl:
            return "xl";
    }
    return "";
}

double contrast(Rgb first, Rgb second) noexcept {
    const double a = luminance(first) + 0.05;
    const double b = luminance(second) + 0.05;
    return std::max(a, b) / std::min(a, b);
}

}  // namespace kaiku::ui
