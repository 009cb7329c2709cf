#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "kiosk/flow/flow.hpp"
#include "kiosk/flow/keys.hpp"
#include "kiosk/flow/scanning.hpp"
#include "kiosk/main/clerk.hpp"
#include "kiosk/main/courier.hpp"
#include "kiosk/main/keeper.hpp"
#include "kiosk/main/lookout.hpp"
#include "kiosk/main/options.hpp"
#include "kiosk/main/speaker.hpp"
#include "kiosk/platform/display.hpp"
#include "kiosk/ui/recorder.hpp"
#include "locales/catalogue.hpp"

namespace kaiku::kiosk {

using Words = std::array<locales::Catalogue, survey::kLanguages.size()>;

/// The three catalogues in the order of survey::kLanguages.
Result<Words> load_words(const std::filesystem::path& share_dir);
/// Instruments by the name under which the options ask for them: an id or a file. Their addresses
/// stay when the map is moved.
using Instruments = std::map<std::string, survey::Instrument>;
/// The instrument of a name: a file, or an id in `<data>/instruments` or `<share>/instruments`.
Result<survey::Instrument> load_named_instrument(const Options& options, const std::string& name);
/// Every instrument these options can ask for, plain variants included; one of them is
/// `options.instrument`.
Result<Instruments> load_instruments(const Options& options);
/// The name of the instrument that a respondent kind is asked.
std::string instrument_for(const Options& options, survey::RespondentKind kind);
/// Every character the programs or these instruments can show or type.
std::string every_glyph(const Words& words, const Instruments& instruments);
/// Opens a display for these options; `headless` overrides.
Result<std::unique_ptr<platform::Display>> open_display(const Options& options,
                                                        const std::string& glyphs);
/// `instruments` outlives the set-up.
flow::Setup make_setup(const Options& options, const Instruments& instruments, std::string unit);

std::unique_ptr<Clerk> make_clerk(const Options& options, const survey::Instrument& instrument,
                                  Keeper& keeper, Courier& courier, std::function<void()> on_event);

/// What KAIKU_BENCH=1 prints as one JSON line to stderr at the end.
struct Measurements {
    double first_frame_ms = 0;              ///< from main() to the first presented frame
    std::uint64_t frames = 0;               ///< presented since the start
    std::vector<double> tap_to_present_ms;  ///< from the release's arrival to the changed frame
};

/// The running terminal: display, flow, keeper and courier, turned by one thread.
class App {
  public:
    using SteadyClock = std::chrono::steady_clock;

    /// `config` may be nothing: then central sets nothing on this terminal.
    static Result<std::unique_ptr<App>> open(const Options& options,
                                             SteadyClock::time_point started,
                                             std::shared_ptr<FleetConfig> config = nullptr);
    ~App();

    /// Turns until the window is closed or a termination signal came.
    void run();

    /// One turn of the loop: wait (at most `max_wait`), events, deadlines, a frame if one is due.
    /// False when the program should end.
    bool turn(std::optional<std::chrono::milliseconds> max_wait);
    /// Turns until every pending frame is drawn.
    bool settle();
    /// A finger goes down on, or leaves, this pixel; timed like one that came from the panel.
    void press(float x, float y);
    void release(float x, float y);
    /// A key or a switch: moves the focus, or presses the widget in focus as a finger would. False
    /// when the program should end.
    bool key(flow::KeyAction action);
    /// Keys and switches that went down; a reader's code among them is read.
    void take_keys(const std::vector<platform::KeyPress>& presses);
    /// Moves the flow's clock ahead, stopping at every deadline on the way.
    void advance(std::chrono::milliseconds ahead);
    /// From any thread or a signal's thread.
    void request_stop() noexcept;

    const flow::State& state() const noexcept { return state_; }
    const flow::Setup& setup() const noexcept { return setup_; }
    const ui::Recorder& recorder() const noexcept { return recorder_; }
    platform::Display& display() noexcept { return *display_; }
    Courier& courier() noexcept { return *courier_; }
    Keeper& keeper() noexcept { return *keeper_; }
    Speaker& speaker() noexcept { return *speaker_; }
    /// As if it had come from the panel, a key or a plug.
    void inject(const flow::Event& event) { apply(event); }
    Measurements measurements() const;
    /// Staff asked for a restart of the program, or it takes another configuration: run() has
    /// returned because of it.
    bool restart_requested() const noexcept { return restart_requested_; }
    /// Another configuration of central's waits until nobody is here.
    bool config_waits() const noexcept { return config_ != nullptr && config_->is_waiting(); }

  private:
    App(const Options& options, Instruments instruments, Words words,
        std::unique_ptr<platform::Display> display, std::string unit,
        SteadyClock::time_point started, std::shared_ptr<FleetConfig> config);

    flow::Instant now() const;
    [[gnu::noinline]] bool turn_once(std::optional<std::chrono::milliseconds> max_wait);
    void apply(const flow::Event& event);
    /// Closes a half-done answer for central: the event that tells the flow what came of it.
    flow::Event seal(flow::effect::Seal& half_done) const;
    void draw_frame();
    void press_focused(const flow::FocusList& list);
    /// Tells the staff's screens what became of the sound.
    void look_at_sound();
    /// Keeps the camera looking while its page shows, and hears what it saw.
    void look_out();
    /// Moves the focus on when automatic scanning is due.
    void scan();
    void serve_staff(flow::StaffRequest& request);
    /// Asks for a restart once another configuration waits and nobody is here.
    void look_at_config();
    /// Counts what became of the screen, for today's figures.
    void tally(flow::Screen before);

    Options options_;
    Instruments instruments_;
    Words words_;
    std::unique_ptr<platform::Display> display_;
    flow::Setup setup_;
    flow::State state_;
    ui::Recorder recorder_;
    SteadyClock::time_point started_;
    std::chrono::milliseconds ahead_{0};
    std::random_device random_;
    int frames_left_ = 3;
    std::optional<SteadyClock::time_point> input_at_;
    Measurements measured_;
    flow::Debounce debounce_;
    flow::Scanner scanner_;
    flow::Wedge wedge_;
    std::uint32_t staff_key_ = 0;
    std::shared_ptr<FleetConfig> config_;
    std::unique_ptr<Speaker> speaker_;  ///< dies before display_
    std::unique_ptr<Keeper> keeper_;
    std::unique_ptr<Courier> courier_;  ///< after keeper_: is destroyed before it
    std::unique_ptr<Clerk> clerk_;      ///< after both: is destroyed before them
    std::unique_ptr<Lookout> lookout_;  ///< while the camera looks for a code
    bool to_wipe_ = false;  ///< a visitor has gone: their traces in this thread's stack too
    bool restart_requested_ = false;
    std::atomic<bool> stop_requested_{false};
};

}  // namespace kaiku::kiosk
