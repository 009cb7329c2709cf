// Plays a script with presses and releases on the real widgets.
#include <algorithm>
#include <map>

#include "kiosk/main/script.hpp"
#include "survey/utf8.hpp"

namespace kaiku::kiosk {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// How long an expectation of a screen may take: a save on a slow disk.
constexpr std::chrono::seconds kScreenPatience{10};
constexpr int kMostPages = 100;  // of one screen; some lists begin anew after their last
constexpr std::chrono::seconds kSyncPatience{30};
constexpr std::chrono::milliseconds kPollInterval{20};

class Player {
  public:
    Player(App& app, std::filesystem::path pictures_dir)
        : app_(app), pictures_dir_(std::move(pictures_dir)) {}

    Status operator()(const line::Tap& action) { return tap(action.id); }

    Status operator()(const line::Type& action) {
        if (app_.recorder().find("key.space") == nullptr &&
            (app_.recorder().find("text.edit") != nullptr ||
             app_.recorder().find("more") != nullptr)) {  // behind it, where the panel is small
            if (auto opened = tap("text.edit"); !opened) return opened;
        }
        for (const char32_t character : action.text) {
            if (auto typed = type(character); !typed) return typed;
        }
        return {};
    }

    Status operator()(const line::Expect& action) {
        if (action.what == "synced") return expect_synced();
        if (action.what == "silence") return expect_silence();
        if (action.what == "heard") return expect_heard();
        if (action.what == "configured") return expect_configured();
        if (action.what == "restart") return expect_restart();
        const bool met = wait_until(kScreenPatience, [&] { return shows(action.what); });
        if (met) return {};
        return fail(Errc::invalid,
                    "expected \"" + action.what + "\", but the screen is \"" + screen() + "\"");
    }

    Status operator()(const line::ExpectSpeech& action) {
        const bool met =
            wait_until(kScreenPatience, [&] { return app_.speaker().take_spoken(action.text); });
        if (met) return {};
        return fail(Errc::invalid, "expected to hear \"" + action.text +
                                       "\", but on the screen \"" + screen() +
                                       "\" that was not said");
    }

    Status operator()(const line::Headphones& action) {
        app_.inject(flow::event::HeadphonesChanged{action.in});
        return settle();
    }

    Status operator()(const line::Advance& action) {
        app_.advance(action.ahead);
        return settle();
    }

    Status operator()(const line::Key& action) {
        wait_until(kScreenPatience, [this] { return app_.state().screen != flow::Screen::saving; });
        if (!app_.key(action.action)) return fail(Errc::io, "the terminal was asked to stop");
        return settle();
    }

    Status operator()(const line::Screenshot& action) {
        if (pictures_dir_.empty()) {
            return fail(Errc::invalid, "a screenshot needs --screenshots DIR");
        }
        std::error_code error;
        std::filesystem::create_directories(pictures_dir_, error);
        return app_.display().screenshot(pictures_dir_ / action.file);
    }

    Status operator()(const line::Scan& action) {
        wait_until(kScreenPatience, [this] { return app_.state().screen != flow::Screen::saving; });
        std::vector<platform::KeyPress> presses;
        const auto type_key = [&presses](std::uint32_t code, char character) {
            const auto at = std::chrono::milliseconds(5) * static_cast<int>(presses.size());
            presses.push_back({code, character, at});
        };
        for (const char character : action.text) type_key(0, character);
        type_key(platform::key_code("Return"), '\r');
        app_.take_keys(presses);
        return settle();
    }

    Status settle() {
        if (app_.settle()) return {};
        return fail(Errc::io, "the terminal was asked to stop");
    }

  private:
    std::string screen() const { return flow::screen_name(app_.setup(), app_.state()); }

    /// "statement" stands for any statement, "statement.help" for one; otherwise a widget's id.
    bool shows(const std::string& what) const {
        const std::string name = screen();
        return name == what || name.substr(0, name.find('.')) == what ||
               "focus " + app_.state().focus == what || app_.recorder().find(what) != nullptr;
    }

    template <class Met>
    bool wait_until(std::chrono::milliseconds patience, Met met) {
        const auto until = SteadyClock::now() + patience;
        while (!met()) {
            if (SteadyClock::now() >= until || !app_.turn(kPollInterval)) return false;
        }
        return app_.settle();
    }

    /// Presses a widget of this screen; a visitor would look in the tools' sheet and on the next
    /// pages of a small panel too.
    Status tap(const std::string& id) {
        // While an answer is being kept nothing can be tapped: a visitor would wait too.
        wait_until(kScreenPatience, [this] { return app_.state().screen != flow::Screen::saving; });
        if (auto settled = settle(); !settled) return settled;
        for (const char* door : {"tools.done", "tools", "tools.done"}) {
            if (app_.recorder().find(id) != nullptr) break;
            if (app_.recorder().find(door) == nullptr) continue;
            if (auto pressed = press(door); !pressed) return pressed;
        }
        for (int page = 0; page < kMostPages; ++page) {
            const bool further = app_.recorder().find("more") != nullptr;
            if (app_.recorder().find(id) != nullptr || !further) break;
            if (auto turned = press("more"); !turned) return turned;
        }
        return press(id);
    }

    Status press(const std::string& id) {
        const ui::Widget* widget = app_.recorder().find(id);
        if (widget == nullptr) {
            return fail(Errc::not_found,
                        "no widget \"" + id + "\" on the screen \"" + screen() + "\"");
        }
        if (!widget->enabled) return fail(Errc::refused, "the widget \"" + id + "\" is disabled");
        const float x = widget->x + widget->w / 2;
        const float y = widget->y + widget->h / 2;
        app_.press(x, y);
        if (auto settled = settle(); !settled) return settled;
        app_.release(x, y);
        return settle();
    }

    Status type(char32_t character) {
        const bool upper = (character >= U'A' && character <= U'Z') ||
                           (character >= U'\u00c0' && character <= U'\u00de');
        const char32_t base = upper ? character + 0x20 : character;
        std::string key = "key.";
        if (base == U' ') {
            key += "space";
        } else if (base == U'\n') {
            key += "enter";
        } else {
            survey::append_utf8(key, base);
        }
        if (app_.recorder().find(key) == nullptr) {
            if (auto turned = tap("key.page"); !turned) return turned;
        }
        if (app_.recorder().find(key) == nullptr) {
            return fail(Errc::not_found, "the keyboard has no key for \"" + key.substr(4) + "\"");
        }
        const bool is_letter = app_.state().key_page == flow::KeyPage::letters && has_case(base);
        if (is_letter && app_.state().shift != upper) {
            if (auto shifted = tap("key.shift"); !shifted) return shifted;
        }
        return tap(key);
    }

    static bool has_case(char32_t base) {
        return (base >= U'a' && base <= U'z') || (base >= U'\u00e0' && base <= U'\u00fe');
    }

    Status expect_silence() {
        if (wait_until(kScreenPatience, [this] { return !app_.speaker().sounds(); })) return {};
        return fail(Errc::invalid, "expected silence, but a sound goes on");
    }

    Status expect_synced() {
        auto next_try = SteadyClock::now();
        const bool met = wait_until(kSyncPatience, [&] {
            if (app_.keeper().busy()) return false;
            if (app_.keeper().open() && app_.courier().synced()) return true;
            if (SteadyClock::now() >= next_try) {
                app_.courier().send_now();
                next_try = SteadyClock::now() + std::chrono::milliseconds{250};
            }
            return false;
        });
        if (met) return {};
        const std::string complaint = app_.courier().complaint();
        return fail(Errc::network, "expected \"synced\", but answers still wait" +
                                       (complaint.empty() ? "" : ": " + complaint));
    }

    /// Central is asked again and again: it takes a while to notice what an operator set.
    template <class Met>
    bool attend_until(Met met) {
        auto next_try = SteadyClock::now();
        const auto until = next_try + kSyncPatience;
        while (!met() && SteadyClock::now() < until) {
            if (SteadyClock::now() >= next_try) {
                app_.courier().attend_now();
                next_try = SteadyClock::now() + std::chrono::milliseconds{250};
            }
            if (!app_.turn(kPollInterval)) return met();
        }
        return met();
    }

    Status expect_heard() {
        const std::uint64_t before = app_.courier().heard();
        if (attend_until([&] { return app_.courier().heard() > before; })) return settle();
        return fail(Errc::network, "expected \"heard\", but central did not answer");
    }

    Status expect_configured() {
        if (attend_until([this] { return app_.config_waits(); })) return settle();
        return fail(Errc::network, "expected \"configured\", but central set nothing new");
    }

    Status expect_restart() {
        if (attend_until([this] { return app_.restart_requested(); })) return {};
        return fail(Errc::network, "expected \"restart\", but the terminal goes on");
    }

    App& app_;
    std::filesystem::path pictures_dir_;
};

}  // namespace

Status play(App& app, const std::vector<ScriptLine>& lines, const std::string& name,
            const std::filesystem::path& pictures_dir) {
    Player player(app, pictures_dir);
    if (auto settled = player.settle(); !settled) return settled;
    for (const ScriptLine& line : lines) {
        auto done = std::visit(player, line.action);
        if (!done) {
            return fail(done.error().code,
                        name + ":" + std::to_string(line.number) + ": " + done.error().detail);
        }
    }
    return {};
}

}  // namespace kaiku::kiosk
