#include "kiosk/main/app.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <ctime>

#include "kiosk/flow/text_entry.hpp"
#include "kiosk/main/notices.hpp"
#include "kiosk/main/staff_choice.hpp"
#include "kiosk/main/wiped_stack.hpp"
#include "kiosk/ui/screens.hpp"
#include "sync/clock_reading.hpp"
#include "sync/device_identity.hpp"
#include "sync/sealing.hpp"

namespace kaiku::kiosk {

namespace {

/// Minute of the local week, 0 is Monday 00:00.
std::optional<int> local_minute_of(std::chrono::sys_seconds wall) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(wall);
    std::tm local{};
    if (localtime_r(&seconds, &local) == nullptr) return std::nullopt;
    return ((local.tm_wday + 6) % 7 * 24 + local.tm_hour) * 60 + local.tm_min;
}

/// Frames after a change: ImGui needs one to lay out and one to settle.
constexpr int kFramesAfterChange = 2;

/// While another configuration waits, how often to see whether somebody is here.
constexpr std::chrono::milliseconds kLookAtConfig{1000};

/// Opens the PIN pad, besides the button of the first screen.
constexpr const char* kStaffKey = "F12";

}  // namespace

Result<std::unique_ptr<App>> App::open(const Options& options, SteadyClock::time_point started,
                                       std::shared_ptr<FleetConfig> config) {
    auto instruments = load_instruments(options);
    if (!instruments) return tl::make_unexpected(instruments.error());
    auto words = load_words(options.share_dir);
    if (!words) return tl::make_unexpected(words.error());
    auto notices = load_notices(options.data_dir);
    if (!notices) {
        spdlog::warn("no notices are shown: {}", notices.error().detail);
        notices = std::vector<flow::Notice>{};
    }
    auto display = open_display(options, every_glyph(*words, *instruments) + glyphs_of(*notices));
    if (!display) return tl::make_unexpected(display.error());
    Options known = options;
    if (options.staff.device) {
        auto choice = load_choice(options.data_dir);
        if (!choice) spdlog::warn("staff: {}", choice.error().detail);
        if (choice) known.staff.remembered = std::move(*choice);
    }
    std::unique_ptr<App> app(new App(known, std::move(*instruments), std::move(*words),
                                     std::move(*display), options.unit, started,
                                     std::move(config)));
    app->setup_.notices = std::move(*notices);
    if (app->setup_.night) app->apply(flow::event::Ticked{});  // it may be night already
    return app;
}

App::App(const Options& options, Instruments instruments, Words words,
         std::unique_ptr<platform::Display> display, std::string unit,
         SteadyClock::time_point started, std::shared_ptr<FleetConfig> config)
    : options_(options),
      instruments_(std::move(instruments)),
      words_(std::move(words)),
      display_(std::move(display)),
      setup_(make_setup(options_, instruments_, std::move(unit))),
      started_(started),
      debounce_(options_.keys.debounce),
      scanner_(options_.keys.scan_interval),
      config_(std::move(config)) {
    state_ = flow::first_state(setup_);
    speaker_ = std::make_unique<Speaker>(options_, words_, [this] { display_->wake(); });
    staff_key_ = platform::key_code(kStaffKey);
    keeper_ = std::make_unique<Keeper>(
        KeeperOptions{.data_dir = options_.data_dir, .max_waiting = options_.max_waiting},
        [this] { display_->wake(); });
    courier_ = std::make_unique<Courier>(
        CourierOptions{.data_dir = options_.data_dir,
                       .central_url = options_.central_url,
                       .ca_file = options_.ca_file,
                       .max_waiting = options_.max_waiting,
                       .saved_count = [this] { return keeper_->saved_count(); },
                       .outbox_open = [this] { return keeper_->open(); },
                       .on_renewed = [this] { keeper_->key_changed(); },
                       .config = config_,
                       .vitals = [this] { return keeper_->vitals(); },
                       .on_heard = [this] { display_->wake(); }});
    clerk_ =
        make_clerk(options_, *setup_.instrument, *keeper_, *courier_, [this] { display_->wake(); });
    if (state_.screen == flow::Screen::attract) keeper_->note(Tally::shown);
}

App::~App() = default;

flow::Instant App::now() const {
    return std::chrono::duration_cast<flow::Instant>(SteadyClock::now() - started_) + ahead_;
}

void App::apply(const flow::Event& event) {
    flow::Inputs inputs;
    inputs.now = now();
    inputs.wall =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    inputs.clock = sync::read_clock();
    inputs.local_minute = local_minute_of(inputs.wall);
    for (std::size_t i = 0; i < inputs.random.size(); i += sizeof(unsigned)) {
        const unsigned bits = random_();
        std::memcpy(inputs.random.data() + i, &bits, sizeof bits);
    }
    const flow::Screen before = state_.screen;
    flow::Step stepped = flow::step(setup_, std::move(state_), event, inputs);
    state_ = std::move(stepped.state);
    tally(before);
    for (auto& effect : stepped.effects) {
        if (auto* save = std::get_if<flow::effect::Save>(&effect)) {
            keeper_->save(std::move(save->response));
        } else if (auto* asked = std::get_if<flow::effect::Staff>(&effect)) {
            serve_staff(asked->what);
        } else if (const auto* notes = std::get_if<flow::effect::Chime>(&effect)) {
            speaker_->chime(notes->volume);
        }
        if (const auto* wiped = std::get_if<flow::effect::Wiped>(&effect)) {
            to_wipe_ = true;
            if (wiped->ended) keeper_->note(tally_of(*wiped->ended));
        }
        if (auto* half_done = std::get_if<flow::effect::Seal>(&effect)) {
            apply(seal(*half_done));
        }
    }
    speaker_->happened(event);
    if (std::holds_alternative<flow::event::Saved>(event)) courier_->poke();
    frames_left_ = kFramesAfterChange;
}

flow::Event App::seal(flow::effect::Seal& half_done) const {
    // Central may have a newer key than when the terminal started.
    const auto identity = sync::load_identity(options_.data_dir);
    const bool enrolled = identity && identity->has_value();
    const auto key =
        sync::decode_key(enrolled ? (*identity)->enrolment.sealing_key : options_.sealing_key);
    const auto sealed = key ? sync::seal(half_done.plain, *key)
                            : Result<std::string>(tl::make_unexpected(key.error()));
    flow::scrub(half_done.plain);
    if (sealed) return flow::event::PhoneSealed{half_done.id, *sealed};
    spdlog::warn("phone: {}", sealed.error().detail);
    return flow::event::PhoneFailed{half_done.id};
}

void App::draw_frame() {
    std::optional<flow::Event> happened;
    const ui::Fonts& fonts = display_->fonts(state_.size);
    display_->frame([&] {
        recorder_.begin_frame();
        happened = ui::draw({.setup = setup_,
                             .state = state_,
                             .words = words_,
                             .panel = display_->panel(),
                             .fonts = fonts,
                             .now = now()},
                            recorder_);
        return !happened.has_value();  // what was drawn is already out of date: do not show it
    });
    --frames_left_;
    if (happened) {
        apply(*happened);
    } else {
        speaker_->look(setup_, state_, recorder_, now());
        if (display_->touched()) apply(flow::event::Touched{});
        if (input_at_ && !display_->wants_frame()) input_at_.reset();
    }
}

bool App::turn(std::optional<std::chrono::milliseconds> max_wait) {
    const bool goes_on = turn_once(max_wait);
    if (to_wipe_ && frames_left_ == 0) {  // the screen behind the visitor is drawn
        wipe_stack();
        to_wipe_ = false;
    }
    return goes_on;
}

bool App::turn_once(std::optional<std::chrono::milliseconds> max_wait) {
    std::optional<std::chrono::milliseconds> timeout = max_wait;
    const auto deadline = flow::next_deadline(setup_, state_, now());
    if (deadline) {
        const auto left = std::max(*deadline - now(), flow::Instant{0});
        timeout = timeout ? std::min(*timeout, left) : left;
    }
    if (const auto due = scanner_.next()) {
        const auto left = std::max(*due - now(), flow::Instant{0});
        timeout = timeout ? std::min(*timeout, left) : left;
    }
    if (config_waits()) timeout = std::min(timeout.value_or(kLookAtConfig), kLookAtConfig);
    if (frames_left_ > 0 || display_->wants_frame()) timeout = std::chrono::milliseconds{0};

    const platform::Woken woken = display_->wait(timeout);
    if (woken.quit || stop_requested_ || restart_requested_) return false;
    for (const flow::Event& event : keeper_->take_events()) apply(event);
    for (const flow::Event& event : speaker_->take_events()) apply(event);
    for (const platform::KeyPress& key : woken.key_presses) {
        if (const auto pressed = speaker_->event_of(key.code)) apply(*pressed);
        if (key.code == staff_key_) apply(flow::event::Staff{flow::staff::Entered{}});
    }
    for (auto& event : clerk_->take_events()) apply(flow::event::Staff{std::move(event)});
    speaker_->turn();
    look_at_sound();
    look_out();
    look_at_config();
    if (deadline && now() >= *deadline) apply(flow::event::Ticked{});
    take_keys(woken.key_presses);
    scan();
    if (woken.input) {
        frames_left_ = std::max(frames_left_, 1);
        input_at_ = SteadyClock::now();
    }
    if (frames_left_ > 0 || display_->wants_frame()) {
        const flow::State before = state_;
        draw_frame();
        if (input_at_ && !(before == state_)) {
            draw_frame();
            const std::chrono::duration<double, std::milli> took = SteadyClock::now() - *input_at_;
            measured_.tap_to_present_ms.push_back(took.count());
            input_at_.reset();
        }
    }
    if (measured_.first_frame_ms == 0 && display_->frames() > 0) {
        const std::chrono::duration<double, std::milli> took = SteadyClock::now() - started_;
        measured_.first_frame_ms = took.count();
        if (config_ != nullptr) {
            config_->shown();
            courier_->settle();
        }
    }
    return true;
}

bool App::settle() {
    while (frames_left_ > 0 || display_->wants_frame()) {
        if (!turn(std::chrono::milliseconds{0})) return false;
    }
    return true;
}

void App::press(float x, float y) { display_->inject_press(x, y); }

void App::release(float x, float y) {
    display_->inject_release(x, y);
    input_at_ = SteadyClock::now();
}

void App::run() {
    while (turn(std::nullopt)) {
    }
}

void App::advance(std::chrono::milliseconds ahead) {
    const flow::Instant target = now() + ahead;
    for (;;) {
        const flow::Instant present = now();
        const auto deadline = flow::next_deadline(setup_, state_, present);
        if (!deadline || *deadline > target) break;
        if (*deadline > present) ahead_ += *deadline - present;
        const flow::State before = state_;
        apply(flow::event::Ticked{});
        if (before == state_ && *deadline <= present) break;
    }
    if (target > now()) ahead_ += target - now();
}

void App::request_stop() noexcept {
    stop_requested_ = true;
    display_->wake();
}

Measurements App::measurements() const {
    Measurements measured = measured_;
    measured.frames = display_->frames();
    return measured;
}

}  // namespace kaiku::kiosk
