#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kiosk/flow/walk.hpp"
#include "kiosk/platform/display.hpp"
#include "kiosk/ui/recorder.hpp"
#include "kiosk/ui/screens.hpp"
#include "locales/catalogue.hpp"
#include "survey/instrument.hpp"

namespace kaiku::test {

/// A headless terminal that draws any state on any panel, with the shipped words and instruments.
class Stage {
  public:
    /// Whether the visitor may choose who answers: the instrument is then the adults', and its
    /// plain variant, the child's and the relative's are offered too.
    enum class People { as_set_up, everybody };
    Stage(const std::string& instrument, const ui::Panel& panel, People people = People::as_set_up);
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    void set_panel(const ui::Panel& panel);
    /// From now on the terminal knows of a web survey, at an address as long as counties have them.
    void offer_phone() { setup_.web_url = "https://palaute.hyvinvointialue.example.fi"; }
    /// The flow's time in what is drawn from now on.
    void set_now(flow::Instant now) { now_ = now; }
    /// Draws one frame and returns what was pressed in it.
    std::optional<flow::Event> draw(const flow::State& state);
    /// Presses and releases at two widgets' centres, a frame each, and returns what happened.
    std::optional<flow::Event> slide(const flow::State& state, const std::string& from,
                                     const std::string& to);
    std::optional<flow::Event> tap(const flow::State& state, const std::string& id) {
        return slide(state, id, id);
    }

    /// As where a PIN is set, with units of a staff device.
    void offer_staff(bool device);
    const flow::Setup& setup() const { return setup_; }
    const ui::Recorder& recorder() const { return recorder_; }
    platform::Display& display() { return *display_; }
    std::vector<flow::Appearance> appearances() const { return flow::every_appearance(setup_); }

  private:
    void offer_everybody(const std::string& instrument);

    survey::Instrument instrument_;
    std::deque<survey::Instrument> others_;  ///< addresses stay
    std::array<locales::Catalogue, survey::kLanguages.size()> words_;
    flow::Setup setup_;
    std::unique_ptr<platform::Display> display_;
    ui::Recorder recorder_;
    flow::Instant now_{0};
};

/// One look of one screen, with a name for reports.
struct Variant {
    std::string name;
    flow::State state;
};
/// Every size × language × theme × plain or lowered (where the panel can) of these appearances; a
/// seventh of them, evenly spread, where the environment says KAIKU_WALK=short.
void each_variant(const std::vector<flow::Appearance>& appearances, const ui::Panel& panel,
                  const std::function<void(const Variant&)>& visit);

/// The panel of a name among ui::reference_panels().
ui::Panel panel_named(const std::string& name);

}  // namespace kaiku::test
