#include "kiosk/speech/clip.hpp"

#include <algorithm>
#include <cstdint>

namespace kaiku::speech {

std::vector<std::string> sentences(std::string_view speech) {
    std::vector<std::string> found;
    while (!speech.empty()) {
        const auto end = std::min(speech.find('\n'), speech.size());
        std::string_view line = speech.substr(0, end);
        speech.remove_prefix(std::min(end + 1, speech.size()));
        const auto first = line.find_first_not_of(' ');
        if (first == std::string_view::npos) continue;
        line = line.substr(first, line.find_last_not_of(' ') + 1 - first);
        found.emplace_back(line);
    }
    return found;
}

std::string clip_name(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : text) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string name(16, '0');
    for (std::size_t i = name.size(); i-- > 0; hash >>= 4U) name[i] = kDigits[hash & 0xFU];
    return name;
}

std::optional<std::filesystem::path> find_clip(const std::vector<std::filesystem::path>& folders,
                                               const Utterance& utterance) {
    const std::string name = clip_name(utterance.text);
    std::error_code ignored;
    for (const auto& folder : folders) {
        for (const char* ending : {".wav", ".ogg"}) {
            auto file = folder / survey::to_string(utterance.language) / (name + ending);
            if (std::filesystem::is_regular_file(file, ignored)) return file;
        }
    }
    return std::nullopt;
}

}  // namespace kaiku::speech
