#include "kiosk/platform/picture.hpp"

#include <stb_image.h>
#include <stb_image_write.h>

#include <cstddef>

namespace kaiku::platform {

Status write_png(const Picture& picture, const std::filesystem::path& file) {
    const auto pixels =
        static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
    std::vector<std::uint8_t> rgb(pixels * 3);
    for (std::size_t i = 0; i < pixels; ++i) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            rgb[i * 3 + channel] = picture.rgba[i * 4 + channel];
        }
    }
    if (stbi_write_png(file.string().c_str(), picture.width, picture.height, 3, rgb.data(),
                       picture.width * 3) == 0) {
        return fail(Errc::io, file.string() +
                                  ": cannot write the picture; check that the folder "
                                  "exists and is writable");
    }
    return {};
}

Result<Picture> read_png(const std::filesystem::path& file) {
    Picture picture;
    int channels = 0;
    stbi_uc* data = stbi_load(file.string().c_str(), &picture.width, &picture.height, &channels, 4);
    if (data == nullptr) return fail(Errc::io, file.string() + ": not a readable picture");
    const auto bytes = static_cast<std::size_t>(picture.width * picture.height) * 4;
    picture.rgba.assign(data, data + bytes);
    stbi_image_free(data);
    return picture;
}

}  // namespace kaiku::platform
