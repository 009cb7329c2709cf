#include <cstdio>
#include <functional>

#include "kiosk/flow/walk.hpp"
#include "kiosk/main/app.hpp"
#include "kiosk/main/clock.hpp"
#include "kiosk/main/commands.hpp"
#include "kiosk/main/fleet_config.hpp"
#include "kiosk/main/keeper.hpp"
#include "kiosk/main/notices.hpp"
#include "kiosk/main/quarantine.hpp"
#include "kiosk/ui/screens.hpp"
#include "sync/device_identity.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {

namespace {

/// Prints one line a check and remembers whether any failed.
class Report {
  public:
    void line(const char* what, const Result<std::string>& outcome) {
        if (outcome) {
            std::printf("ok    %-11s %s\n", what, outcome->c_str());
        } else {
            std::printf("FAIL  %-11s %s\n", what, outcome.error().detail.c_str());
            failed_ = true;
        }
    }
    /// What does not keep the terminal from working, but needs somebody.
    void warn(const char* what, const std::string& text) {
        std::printf("warn  %-11s %s\n", what, text.c_str());
    }
    int exit_code() const noexcept { return failed_ ? 1 : 0; }

  private:
    bool failed_ = false;
};

Result<std::string> check_outbox(const Options& options) {
    auto opened = sync::open_sqlite_outbox(
        options.data_dir, {.max_waiting = options.max_waiting, .set_corrupt_aside = false});
    if (!opened) return tl::make_unexpected(opened.error());
    auto counts = opened->outbox->counts();
    if (!counts) return tl::make_unexpected(counts.error());
    return options.data_dir.string() + ": " + std::to_string(counts->waiting) + " waiting, " +
           std::to_string(counts->quarantined) + " in quarantine";
}

Result<std::string> check_identity(const Options& options) {
    auto identity = sync::load_identity(options.data_dir);
    if (!identity) return tl::make_unexpected(identity.error());
    if (!identity->has_value()) {
        return std::string("not enrolled; answers are kept until it is (--enroll)");
    }
    return "device " + (*identity)->enrolment.device_id + ", unit " + (*identity)->enrolment.unit;
}

Result<std::string> check_disk(const Options& options) {
    const auto free = sync::free_bytes(options.data_dir);
    if (auto space = check_free_space(options.data_dir, free); !space) {
        return tl::make_unexpected(space.error());
    }
    if (!free) return std::string("tells no free space");
    return std::to_string(*free / (1024ULL * 1024)) + " MiB free";
}

/// What central set on this device, as the next start would use it.
Result<std::string> check_central(const Options& options) {
    const auto config = next_config(options.data_dir);
    if (!config) return tl::make_unexpected(config.error());
    if (!config->has_value() || (*config)->values.empty())
        return std::string("central sets nothing");
    std::string text = "configuration " + (*config)->version;
    for (const auto& [key, value] : (*config)->values) text += ", " + key + " = " + value;
    return text;
}

/// The unit that answers will be about, and where that comes from.
Result<std::string> check_unit(const Options& options) {
    const auto identity = sync::load_identity(options.data_dir);
    const std::string enrolled =
        identity && identity->has_value() ? (*identity)->enrolment.unit : std::string();
    if (options.unit.empty() && enrolled.empty()) {
        return fail(Errc::invalid, "none; give --unit, set unit in the configuration, or --enroll");
    }
    if (options.unit.empty()) return enrolled + ", as enrolled";
    if (enrolled.empty() || enrolled == options.unit) return options.unit + ", as configured";
    return options.unit + ", as configured; the device is enrolled for " + enrolled;
}

/// What central refused, and what to do about it.
void check_quarantine(const Options& options, Report& report) {
    auto opened = sync::open_sqlite_outbox(
        options.data_dir, {.max_waiting = options.max_waiting, .set_corrupt_aside = false});
    if (!opened) return;  // said already
    const auto groups = opened->outbox->quarantined();
    if (!groups) {
        return report.line("quarantine", tl::make_unexpected(groups.error()));
    }
    if (groups->empty()) return report.line("quarantine", std::string("empty"));
    for (const auto& line : quarantine_lines(*groups)) report.warn("quarantine", line);
    report.warn("quarantine", quarantine_cure(*groups));
}

/// Draws every screen once.
Result<std::string> check_display(const Options& options, const Instruments& instruments,
                                  const Words& words) {
    auto display = open_display(options, every_glyph(words, instruments));
    if (!display) return tl::make_unexpected(display.error());
    flow::Setup setup = make_setup(options, instruments, options.unit);
    setup.staff.offered = true;
    ui::Recorder recorder;
    for (const auto& appearance : flow::every_appearance(setup)) {
        const ui::Fonts& fonts = (*display)->fonts(appearance.state.size);
        (*display)->frame([&] {
            recorder.begin_frame();
            (void)ui::draw({.setup = setup,
                            .state = appearance.state,
                            .words = words,
                            .panel = (*display)->panel(),
                            .fonts = fonts,
                            .now = flow::Instant{0}},
                           recorder);
            return true;
        });
        for (const auto& widget : recorder.widgets()) {
            if (widget.glyph_missing) {
                return fail(Errc::not_found, appearance.name + ": the font lacks a letter of \"" +
                                                 widget.id + "\"; install fonts-inter");
            }
        }
    }
    const ui::Panel& panel = (*display)->panel();
    char text[128];
    std::snprintf(text, sizeof text, "%d x %d pixels, %.0f x %.0f mm, every screen drawn",
                  panel.width_px, panel.height_px, panel.width_mm, panel.height_mm);
    return std::string(text);
}

/// "child version 1; some wordings are not verified", for each.
std::string describe(const Instruments& instruments) {
    std::string text;
    for (const auto& [name, loaded] : instruments) {
        text += (text.empty() ? "" : ", ") + loaded.id + " version " +
                std::to_string(loaded.version) +
                (loaded.fully_verified() ? "" : "; some wordings are not verified");
    }
    return text;
}

}  // namespace

int run_self_check(const Options& options) {
    Report report;
    auto words = load_words(options.share_dir);
    report.line("words", words.map([](const Words&) { return std::string("fi, sv, en"); }));
    auto instruments = load_instruments(options);
    report.line("instrument", instruments.map(describe));
    if (auto central = check_central(options); central) {
        report.line("fleet", central);
    } else {
        report.warn("fleet", central.error().detail);
    }
    report.line("notices", load_notices(options.data_dir).map([](const auto& notices) {
        return std::to_string(notices.size());
    }));
    report.line("outbox", check_outbox(options));
    check_quarantine(options, report);
    report.line("disk", check_disk(options));
    if (const Status clock = check_clock(); clock) {
        report.line("clock", std::string("plausible"));
    } else {
        report.warn("clock", clock.error().detail);
    }
    report.line("identity", check_identity(options));
    report.line("unit", check_unit(options));
    if (words && instruments) {
        report.line("display", check_display(options, *instruments, *words));
    }
    return report.exit_code();
}

}  // namespace kaiku::kiosk
