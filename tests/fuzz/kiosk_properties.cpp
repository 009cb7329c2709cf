#include <sstream>

#include "kiosk/main/config_reader.hpp"
#include "kiosk/main/script.hpp"
#include "survey/utf8.hpp"
#include "tests/fuzz/properties.hpp"

namespace kaiku::fuzz {

namespace {

/// An error begins with the file it is about.
void check_place(const Error& error, std::string_view name) {
    KAIKU_ASSERT(error.detail.starts_with(name));
}

}  // namespace

void check_config(std::string_view input) {
    kiosk::Options options;
    const auto applied = kiosk::apply_config_text(input, "kiosk.toml", options);
    if (!applied) {
        check_place(applied.error(), "kiosk.toml");
        return;
    }
    KAIKU_ASSERT(options.panel.width_px >= 320 && options.panel.height_px >= 320);
    KAIKU_ASSERT(options.panel.width_mm > 0 && options.panel.height_mm > 0);
    KAIKU_ASSERT(options.panel_rotation % 90 == 0 && options.panel_rotation < 360);
    KAIKU_ASSERT(options.max_waiting >= 100);
}

void check_script(std::string_view input) {
    std::istringstream stream{std::string(input)};
    const auto lines = kiosk::read_script(stream, "visit.jsonl");
    if (!lines) {
        check_place(lines.error(), "visit.jsonl:");
        return;
    }
    std::size_t last = 0;
    for (const kiosk::ScriptLine& line : *lines) {
        KAIKU_ASSERT(line.number > last);
        last = line.number;
    }
}

}  // namespace kaiku::fuzz
