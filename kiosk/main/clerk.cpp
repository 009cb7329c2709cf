#include "kiosk/main/clerk.hpp"

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): localtime_r is no std function

#include <utility>

#include "kiosk/main/device_settings.hpp"
#include "kiosk/main/log_ring.hpp"
#include "kiosk/main/pin.hpp"
#include "kiosk/main/signed_code.hpp"
#include "kiosk/main/staff_choice.hpp"
#include "sync/device_identity.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {

namespace {

/// How long the pad rests when the PIN's file cannot be read: an error must not be a way around
/// the back-off.
constexpr std::chrono::seconds kTroubleWait{30};

survey::UtcSeconds wall_now() {
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

flow::ClockState clock_state() {
    timex asked{};
    const int state = adjtimex(&asked);
    if (state < 0) return flow::ClockState::unknown;
    const bool free = state == TIME_ERROR || (asked.status & STA_UNSYNC) != 0;
    return free ? flow::ClockState::free_running : flow::ClockState::synchronised;
}

int utc_offset_min() {
    const time_t now = ::time(nullptr);
    tm local{};
    localtime_r(&now, &local);
    return static_cast<int>(local.tm_gmtoff / 60);
}

void warn(const Status& done) {
    if (!done) spdlog::error("staff: {}", done.error().detail);
}

template <class... Lambdas>
struct Overloaded : Lambdas... {
    using Lambdas::operator()...;
};
template <class... Lambdas>
Overloaded(Lambdas...) -> Overloaded<Lambdas...>;

}  // namespace

Clerk::Clerk(ClerkOptions options, std::function<void()> on_event)
    : options_(std::move(options)), on_event_(std::move(on_event)) {}

Clerk::~Clerk() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Clerk::ask(flow::StaffRequest request, const std::string& unit) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({std::move(request), unit});
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    changed_.notify_all();
}

std::vector<flow::StaffEvent> Clerk::take_events() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
}

void Clerk::post(flow::StaffEvent event) {
    {
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(event));
    }
    on_event_();
}

void Clerk::run() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        Asked asked = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        serve(asked);
    }
}

void Clerk::serve(Asked& asked) {
    namespace request = flow::request;
    const auto& folder = options_.data_dir;
    std::visit(
        Overloaded{
            [&](request::CheckPin& e) { check_pin(e.pin); },
            [&](const request::LockStatus&) {
                const auto wait = PinBook(folder, wall_now).wait();
                if (wait && wait->count() == 0) return;
                post(flow::staff::PinChecked{flow::staff::Verdict::locked,
                                             wait ? *wait : kTroubleWait});
            },
            [&](const request::GatherFacts&) { post(flow::staff::FactsCame{gather()}); },
            [&](const request::ReadLog&) { post(flow::staff::LogCame{recent_log_lines()}); },
            [&](const request::SignCode&) { sign(asked.unit); },
            [&](const request::KeepUnit& e) { warn(keep_unit(folder, e.code)); },
            [&](const request::KeepInstrument& e) { warn(keep_instrument(folder, e.id)); },
            [&](const request::KeepChoice& e) { warn(keep_choice(folder, e.choice)); },
            [&](const request::KeepLanguage& e) { warn(keep_first_language(folder, e.first)); },
            [&](const request::KeepOpening& e) { warn(keep_opening(folder, e.week)); },
            [&](const request::KeepPanel& e) { warn(keep_panel(folder, e.panel)); },
            // Answered by the terminal itself.
            [](const request::MeasurePanel&) {}, [](const request::PlayTone&) {},
            [](const request::SendNow&) {}, [](const request::Restart&) {}},
        asked.what);
}

void Clerk::check_pin(std::string& pin) {
    using flow::staff::Verdict;
    const auto checked = PinBook(options_.data_dir, wall_now).check(pin);
    sodium_memzero(pin.data(), pin.size());
    if (!checked) {
        spdlog::error("staff: {}", checked.error().detail);
        return post(flow::staff::PinChecked{Verdict::locked, kTroubleWait});
    }
    const auto wait_s = std::chrono::duration_cast<std::chrono::seconds>(checked->wait).count();
    switch (checked->verdict) {
        case Verdict::opened:
            spdlog::info("staff: opened by the PIN");
            break;
        case Verdict::wrong:
            spdlog::warn("staff: a wrong PIN; the next try in {} s", wait_s);
            break;
        case Verdict::locked:
            spdlog::warn("staff: a PIN tried too early; {} s left", wait_s);
            break;
    }
    post(*checked);
}

flow::StaffFacts Clerk::gather() const {
    flow::StaffFacts facts;
    facts.version = options_.version;
    facts.instrument = options_.instrument + " " + std::to_string(options_.instrument_version);
    facts.verified = options_.verified;
    if (const auto identity = sync::load_identity(options_.data_dir); identity && *identity) {
        facts.device = (*identity)->enrolment.device_id;
    }
    auto opened =
        sync::open_sqlite_outbox(options_.data_dir, {.max_waiting = options_.max_waiting});
    if (opened) {
        if (const auto counts = opened->outbox->counts()) {
            facts.waiting = counts->waiting;
            facts.refused = counts->quarantined;
        }
    }
    facts.last_sync = options_.last_sync();
    facts.link = options_.link();
    facts.wall = wall_now();
    if (const auto until = options_.certificate_until()) {
        const auto days = std::chrono::floor<std::chrono::days>(*until - *facts.wall);
        facts.certificate_days = static_cast<int>(days.count());
    }
    facts.utc_offset_min = utc_offset_min();
    facts.clock = clock_state();
    struct statvfs disk {};
    if (statvfs(options_.data_dir.c_str(), &disk) == 0) {
        facts.free_mib = static_cast<std::int64_t>(static_cast<std::uint64_t>(disk.f_bavail) *
                                                   disk.f_frsize / (std::uint64_t{1024} * 1024));
    }
    const DayCounts counts = options_.counts();
    facts.shown = counts.shown;
    facts.started = counts.started;
    facts.stored = counts.stored;
    return facts;
}

void Clerk::sign(const std::string& unit) {
    std::string device;
    if (const auto identity = sync::load_identity(options_.data_dir); identity && *identity) {
        device = (*identity)->enrolment.device_id;
    }
    auto text = sign_running(options_.data_dir, {.version = options_.version,
                                                 .instrument = options_.instrument,
                                                 .instrument_version = options_.instrument_version,
                                                 .unit = unit,
                                                 .device = std::move(device),
                                                 .time = wall_now()});
    if (!text) return warn(tl::make_unexpected(text.error()));
    post(flow::staff::CodeCame{std::move(*text)});
}

}  // namespace kaiku::kiosk
