// What the terminal does for its staff's screens.
#include <spdlog/spdlog.h>

#include "kiosk/flow/rest.hpp"
#include "kiosk/main/app.hpp"
#include "kiosk/main/clerk.hpp"

namespace kaiku::kiosk {

std::unique_ptr<Clerk> make_clerk(const Options& options, const survey::Instrument& instrument,
                                  Keeper& keeper, Courier& courier,
                                  std::function<void()> on_event) {
    return std::make_unique<Clerk>(
        ClerkOptions{.data_dir = options.data_dir,
                     .max_waiting = options.max_waiting,
                     .version = KAIKU_VERSION,
                     .instrument = instrument.id,
                     .instrument_version = instrument.version,
                     .verified = instrument.fully_verified(),
                     .last_sync = [&] { return courier.last_sync(); },
                     .certificate_until = [&] { return courier.certificate_until(); },
                     .link = [&] { return courier.link(); },
                     .counts = [&] { return keeper.counts(); }},
        std::move(on_event));
}

void App::serve_staff(flow::StaffRequest& request) {
    namespace request_of = flow::request;
    if (std::holds_alternative<request_of::Restart>(request)) {
        restart_requested_ = true;
        return;
    }
    if (std::holds_alternative<request_of::SendNow>(request)) return courier_->send_now();
    if (std::holds_alternative<request_of::MeasurePanel>(request)) {
        const ui::Panel& panel = display_->panel();
        return apply(flow::event::Staff{
            flow::staff::PanelCame{{panel.width_mm, panel.height_mm, options_.panel_rotation}}});
    }
    if (std::holds_alternative<request_of::PlayTone>(request)) {
        return speaker_->try_sound(state_.language);
    }
    if (const auto* kept = std::get_if<request_of::KeepLanguage>(&request)) {
        setup_.first_language = kept->first;
    }
    if (const auto* kept = std::get_if<request_of::KeepOpening>(&request)) {
        setup_.opening = kept->week;
    }
    clerk_->ask(std::move(request), flow::unit_in_use(setup_, state_));
}

void App::look_at_sound() {
    if (state_.screen != flow::Screen::staff) return;
    const std::string status = speaker_->status();
    const auto sound = status.empty()   ? flow::SoundState::unknown
                       : status == "ok" ? flow::SoundState::present
                                        : flow::SoundState::absent;
    if (sound == state_.staff.facts.sound) return;
    apply(flow::event::Staff{flow::staff::SoundCame{sound}});
    if (state_.staff.facts.sound == flow::SoundState::absent) spdlog::warn("sound: {}", status);
}

void App::look_out() {
    namespace staff = flow::staff;
    for (auto& seen : lookout_ ? lookout_->take_seen() : std::vector<Lookout::Seen>{}) {
        if (seen.code) {
            apply(flow::event::Staff{staff::Scanned{flow::read_code(setup_, *seen.code)}});
        } else {
            apply(flow::event::Staff{staff::CameraFailed{}});
        }
    }
    const bool looks =
        state_.screen == flow::Screen::staff && state_.staff.page == flow::StaffPage::camera;
    if (!looks) {
        lookout_.reset();
    } else if (!lookout_) {
        lookout_ = std::make_unique<Lookout>(options_.camera, [this] { display_->wake(); });
    }
}

void App::look_at_config() {
    if (!config_waits() || !flow::is_unattended(setup_, state_, now())) return;
    spdlog::info("fleet: the terminal starts anew with another configuration");
    restart_requested_ = true;
}

void App::tally(flow::Screen before) {
    if (before != flow::Screen::attract && state_.screen == flow::Screen::attract) {
        keeper_->note(Tally::shown);
    }
    const bool asked =
        state_.screen == flow::Screen::question || state_.screen == flow::Screen::who;
    if (before == flow::Screen::attract && asked) keeper_->note(Tally::started);
}

}  // namespace kaiku::kiosk
