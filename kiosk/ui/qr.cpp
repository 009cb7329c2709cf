#include "kiosk/ui/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace kaiku::ui {

std::optional<QrCode> make_qr(const std::string& text) {
    if (text.empty() || text.find('\0') != std::string::npos) return std::nullopt;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), &QRcode_free);
    if (!made) return std::nullopt;
    QrCode code{made->width, {}};
    const auto count =
        static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
    code.dark.reserve(count);
    for (std::size_t i = 0; i < count; ++i) code.dark.push_back((made->data[i] & 1U) != 0);
    return code;
}

}  // namespace kaiku::ui
