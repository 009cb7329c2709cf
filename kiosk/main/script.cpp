#include "kiosk/main/script.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

#include "survey/json_source.hpp"
#include "survey/utf8.hpp"
#include "survey/wire.hpp"

namespace kaiku::kiosk {

namespace {

constexpr std::size_t kMaxScriptBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kMaxLineBytes = std::size_t{64} * 1024;
constexpr double kMaxAdvanceS = 400.0 * 24 * 3600;

Result<ScriptLine> key_line(const std::string& key, const nlohmann::json& value) {
    using flow::KeyAction;
    if (key == "switch") {
        if (value == 1) return ScriptLine{0, line::Key{KeyAction::switch_1}};
        if (value == 2) return ScriptLine{0, line::Key{KeyAction::switch_2}};
        return fail(Errc::invalid, "\"switch\" takes 1 or 2");
    }
    if (value == "next") return ScriptLine{0, line::Key{KeyAction::next}};
    if (value == "previous") return ScriptLine{0, line::Key{KeyAction::previous}};
    if (value == "select") return ScriptLine{0, line::Key{KeyAction::select}};
    return fail(Errc::invalid, "\"key\" takes \"previous\", \"next\" or \"select\"");
}

/// One JSON object with one known key.
Result<ScriptLine> parse_line(const std::string& text) {
    const auto json = survey::parse_json(text, {kMaxLineBytes, survey::kMaxJsonDepth});
    if (!json || !json->is_object() || json->size() != 1) {
        return fail(Errc::malformed,
                    R"(write one JSON object with one key, as {"tap":"start.fi"})");
    }
    const std::string key = json->begin().key();
    const auto& value = json->begin().value();
    if (key == "advance_s") {
        if (!value.is_number()) return fail(Errc::invalid, "\"advance_s\" takes seconds");
        const double seconds = value.get<double>();
        if (!(seconds >= 0 && seconds <= kMaxAdvanceS)) {
            return fail(Errc::invalid, "\"advance_s\" takes 0 to 34560000 seconds");
        }
        return ScriptLine{
            0, line::Advance{std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000))}};
    }
    if (key == "headphones") {
        if (!value.is_boolean()) return fail(Errc::invalid, "\"headphones\" takes true or false");
        return ScriptLine{0, line::Headphones{value.get<bool>()}};
    }
    if (key == "key" || key == "switch") return key_line(key, value);
    if (!value.is_string()) return fail(Errc::invalid, "\"" + key + "\" takes a text in quotes");
    auto words = value.get<std::string>();
    if (key == "tap") return ScriptLine{0, line::Tap{std::move(words)}};
    if (key == "type") return ScriptLine{0, line::Type{survey::decode_utf8(words)}};
    if (key == "expect") return ScriptLine{0, line::Expect{std::move(words)}};
    if (key == "expect_speech") return ScriptLine{0, line::ExpectSpeech{std::move(words)}};
    if (key == "scan") return ScriptLine{0, line::Scan{std::move(words)}};
    if (key == "screenshot") {
        const std::filesystem::path file = words;
        if (words.empty() || file.is_absolute() || file.filename() != file) {
            return fail(Errc::invalid, "\"screenshot\" takes a file name without folders");
        }
        return ScriptLine{0, line::Screenshot{std::move(words)}};
    }
    return fail(Errc::invalid, "unknown action \"" + key +
                                   "\"; known are tap, type, key, switch, expect, expect_speech, "
                                   "headphones, advance_s, scan, screenshot");
}

}  // namespace

Result<std::vector<ScriptLine>> load_script(const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored) &&
        !std::filesystem::is_regular_file(file, ignored)) {
        return fail(Errc::invalid,
                    file.string() + ": is no file; a script is a file of JSON lines");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Errc::not_found,
                    file.string() + ": cannot be read; check the path given to --script");
    }
    return read_script(stream, file.string());
}

Result<std::vector<ScriptLine>> read_script(std::istream& stream, const std::string& name) {
    std::size_t bytes = 0;
    std::vector<ScriptLine> lines;
    std::string text;
    for (std::size_t number = 1; std::getline(stream, text); ++number) {
        bytes += text.size() + 1;
        if (bytes > kMaxScriptBytes) {
            return fail(Errc::too_large, name + ": larger than 16 MiB; cut it into parts");
        }
        if (!text.empty() && text.back() == '\r') text.pop_back();
        const auto begin = text.find_first_not_of(" \t");
        if (begin == std::string::npos || text[begin] == '#') continue;
        const std::string place = name + ":" + std::to_string(number) + ": ";
        if (text.size() > kMaxLineBytes) return fail(Errc::too_large, place + "line over 64 KiB");
        auto line = parse_line(text);
        if (!line) return fail(line.error().code, place + line.error().detail);
        line->number = number;
        lines.push_back(std::move(*line));
    }
    return lines;
}

}  // namespace kaiku::kiosk
