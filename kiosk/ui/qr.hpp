#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kaiku::ui {

/// Modules of white around a code (ISO/IEC 18004).
inline constexpr int kQuietModules = 4;

/// A QR code, error correction level M, as small as its text allows.
struct QrCode {
    int size = 0;            ///< modules a side
    std::vector<bool> dark;  ///< row by row

    bool is_dark(int x, int y) const {
        return dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(size) +
                    static_cast<std::size_t>(x)];
    }
};

/// Nothing for an empty text or one too long for any code.
std::optional<QrCode> make_qr(const std::string& text);

}  // namespace kaiku::ui
