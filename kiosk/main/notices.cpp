#include "kiosk/main/notices.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "survey/json_source.hpp"

namespace kaiku::kiosk {

Result<std::vector<flow::Notice>> parse_notices(std::string_view json_text, std::string_view name) {
    const auto report = [&](const survey::JsonFault& fault) {
        return fail(fault.code, std::string(name) + ": " + fault.pointer + ": " + fault.what +
                                    "; " + fault.cure);
    };
    const auto parsed = survey::parse_json(json_text, {kMaxNoticesBytes, 8});
    if (!parsed) return report(parsed.error());
    survey::JsonChecker check;
    std::vector<flow::Notice> notices;
    if (check.object(*parsed, "/", {"format", "notices"})) {
        check.integer((*parsed)["format"], "/format", 1, 1);
        const auto& list = (*parsed)["notices"];
        const bool is_list = check.array(list, "/notices", {0, kMaxNotices});
        for (std::size_t i = 0; is_list && i < list.size() && !check.failed(); ++i) {
            const std::string pointer = survey::pointer_to("/notices", i);
            if (!check.object(list[i], pointer, {"fi", "sv", "en"})) break;
            flow::Notice notice;
            for (const survey::Language language : survey::kLanguages) {
                const std::string code(survey::to_string(language));
                notice[static_cast<std::size_t>(language)] = check.string(
                    list[i][code], survey::pointer_to(pointer, code), {1, kMaxNoticeCharacters});
            }
            notices.push_back(std::move(notice));
        }
    }
    if (check.failed()) return report(*check.fault());
    return notices;
}

std::string glyphs_of(const std::vector<flow::Notice>& notices) {
    std::string glyphs;
    for (const flow::Notice& notice : notices) {
        for (const std::string& text : notice) glyphs += text;
    }
    return glyphs;
}

Result<std::vector<flow::Notice>> load_notices(const std::filesystem::path& data_dir) {
    const auto file = data_dir / "notices.json";
    std::error_code missing;
    if (!std::filesystem::is_regular_file(file, missing)) return std::vector<flow::Notice>{};
    std::ifstream stream(file, std::ios::binary);
    std::string text(kMaxNoticesBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    if (stream.bad() || !stream.is_open()) {
        return fail(Errc::io, file.string() + ": cannot be read; check its permissions");
    }
    return parse_notices(text, file.string());
}

}  // namespace kaiku::kiosk
