#include "kiosk/main/signed_code.hpp"

#include "sync/device_identity.hpp"

namespace kaiku::kiosk {

namespace {

std::string encoded(const std::string& value) {
    constexpr const char* kHex = "0123456789ABCDEF";
    std::string result;
    for (const char sign : value) {
        const auto byte = static_cast<unsigned char>(sign);
        const bool plain = (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') ||
                           (sign >= 'a' && sign <= 'z') || sign == '-' || sign == '.' ||
                           sign == '_' || sign == ':';
        if (plain) {
            result += sign;
        } else {
            result += '%';
            result += kHex[byte >> 4U];
            result += kHex[byte & 15U];
        }
    }
    return result;
}

}  // namespace

Result<std::string> sign_running(const std::filesystem::path& data_dir, const Running& running) {
    const auto key = sync::device_key(data_dir);
    if (!key) return tl::make_unexpected(key.error());
    const std::string text =
        "kaiku-terminal:v=" + encoded(running.version) + "&i=" + encoded(running.instrument) +
        "&n=" + std::to_string(running.instrument_version) + "&u=" + encoded(running.unit) +
        "&d=" + encoded(running.device) + "&t=" + survey::format_rfc3339(running.time) +
        "&k=" + sync::encode_signer_base64((*key)->public_key());
    return text + "&s=" + (*key)->sign_bytes(text);
}

}  // namespace kaiku::kiosk
