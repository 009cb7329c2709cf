// --dump-widgets and --screenshots: every screen as a list and as pictures.
#include <cstdio>
#include <fstream>

#include "kiosk/flow/walk.hpp"
#include "kiosk/main/commands.hpp"
#include "kiosk/main/stage.hpp"
#include "kiosk/ui/dump.hpp"

namespace kaiku::kiosk {

namespace {

/// Every size × theme × language of one appearance.
template <class Visit>
void each_variant(flow::State state, Visit visit) {
    for (const survey::Language language : survey::kLanguages) {
        for (int size = 0; size <= static_cast<int>(flow::TextSize::xl); ++size) {
            for (int theme = 0; theme <= static_cast<int>(flow::Theme::contrast_light); ++theme) {
                state.language = language;
                state.size = static_cast<flow::TextSize>(size);
                state.theme = static_cast<flow::Theme>(theme);
                visit(state);
            }
        }
    }
}

}  // namespace

int run_dump_widgets(const Options& options) {
    auto stage = open_stage(options);
    if (!stage) return report(stage.error());
    std::ofstream out(options.dump_file, std::ios::binary);
    if (!out) {
        return report({Errc::io, options.dump_file.string() +
                                     ": cannot be written; check the folder and permissions"});
    }
    flow::Setup setup = complete_setup(options, stage->instruments);
    setup.notices = stage->notices;
    setup.staff.offered = true;
    const auto appearances = flow::every_appearance(setup);
    const auto panels = options.windowed ? std::vector{options.panel} : ui::reference_panels();
    for (const ui::Panel& panel : panels) {
        if (auto set = stage->display->set_panel(panel); !set) return report(set.error());
        for (const auto& appearance : appearances) {
            each_variant(appearance.state, [&](const flow::State& state) {
                stage->draw(setup, state);
                for (const ui::Widget& widget : stage->recorder.widgets()) {
                    out << ui::widget_json(widget, appearance.name, state.language, state.size,
                                           state.theme, panel)
                        << '\n';
                }
            });
        }
    }
    out.flush();
    if (!out)
        return report({Errc::full, options.dump_file.string() + ": could not be written whole"});
    return 0;
}

int run_pictures(const Options& options) {
    auto stage = open_stage(options);
    if (!stage) return report(stage.error());
    std::error_code error;
    std::filesystem::create_directories(options.pictures_dir, error);
    if (error) {
        return report({Errc::io, options.pictures_dir.string() + ": " + error.message()});
    }
    flow::Setup setup = complete_setup(options, stage->instruments);
    setup.notices = stage->notices;
    setup.staff.offered = true;
    for (const auto& appearance : flow::every_appearance(setup)) {
        for (const survey::Language language : survey::kLanguages) {
            flow::State state = appearance.state;
            state.language = language;
            stage->draw(setup, state);
            const std::string name =
                appearance.name + "-" + std::string(to_string(language)) + ".png";
            const auto saved = stage->display->screenshot(options.pictures_dir / name);
            if (!saved) return report(saved.error());
        }
    }
    return 0;
}

}  // namespace kaiku::kiosk
