#include "kiosk/main/device_settings.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <sstream>

#include "sync/checked_toml.hpp"
#include "sync/files.hpp"

namespace kaiku::kiosk {

namespace {

Status change(const std::filesystem::path& data_dir,
              const std::function<void(toml::table&)>& apply) {
    const auto file = device_settings_file(data_dir);
    std::error_code ignored;
    try {
        toml::table table;
        if (std::filesystem::exists(file, ignored)) table = toml::parse_file(file.string());
        apply(table);
        std::ostringstream text;
        text << "# Chosen on this device by its staff; wins over the configuration file.\n"
             << table << '\n';
        if (auto made = sync::make_private_directory(data_dir); !made) return made;
        return sync::write_private_file(file, text.str());
    } catch (const toml::parse_error& error) {
        return fail(Errc::malformed, file.string() + ": " + std::string(error.description()) +
                                         "; move the file away and choose again");
    } catch (const std::invalid_argument& error) {
        return fail(Errc::malformed,
                    file.string() + ": " + error.what() + "; move the file away and choose again");
    }
}

/// Hundredths of a millimetre are finer than any eye.
double rounded(double mm) { return std::round(mm * 100) / 100; }

}  // namespace

std::filesystem::path device_settings_file(const std::filesystem::path& data_dir) {
    return data_dir / "device.toml";
}

Status keep_unit(const std::filesystem::path& data_dir, const std::string& code) {
    return change(data_dir, [&](toml::table& table) { table.insert_or_assign("unit", code); });
}

Status keep_instrument(const std::filesystem::path& data_dir, const std::string& id) {
    return change(data_dir, [&](toml::table& table) { table.insert_or_assign("instrument", id); });
}

Status keep_first_language(const std::filesystem::path& data_dir, survey::Language first) {
    return change(data_dir, [&](toml::table& table) {
        table.insert_or_assign("first_language", std::string(survey::to_string(first)));
    });
}

Status keep_panel(const std::filesystem::path& data_dir, const flow::PanelTrial& panel) {
    return change(data_dir, [&](toml::table& table) {
        toml::table kept;
        if (const auto* present = table.get_as<toml::table>("panel")) kept = *present;
        kept.insert_or_assign("width_mm", rounded(panel.width_mm));
        kept.insert_or_assign("height_mm", rounded(panel.height_mm));
        kept.insert_or_assign("rotation", panel.rotation);
        table.insert_or_assign("panel", kept);
    });
}

Status keep_opening(const std::filesystem::path& data_dir, const survey::OpeningWeek& week) {
    constexpr std::array kDays{"monday", "tuesday",  "wednesday", "thursday",
                               "friday", "saturday", "sunday"};
    return change(data_dir, [&](toml::table& table) {
        toml::table kept;
        for (std::size_t day = 0; day < kDays.size(); ++day) {
            const auto& hours = week.at(day);
            if (!hours) continue;
            kept.insert_or_assign(kDays.at(day),
                                  fmt::format("{:02}:{:02}-{:02}:{:02}", hours->from / 60,
                                              hours->from % 60, hours->to / 60, hours->to % 60));
        }
        table.insert_or_assign("opening_hours", kept);
    });
}

}  // namespace kaiku::kiosk
