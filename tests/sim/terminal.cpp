#include "tests/sim/terminal.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <array>
#include <utility>

#include "survey/wire.hpp"
#include "sync/device_identity.hpp"
#include "sync/sqlite_outbox.hpp"
#include "tests/support/instruments.hpp"

namespace kaiku::sim {
namespace {

constexpr int kMostTries = 4;

/// The outbox that the very first program made, as it stays.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE waiting(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
                     payload BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE quarantined(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
                         payload BLOB NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
)sql";

}  // namespace

Terminal::Terminal(World& world, Endpoint& central, int number)
    : world_(world),
      central_(central),
      number_(number),
      directory_("/kaiku-sim.d" + std::to_string(number)),
      random_(world.random.fork()),
      disk_(random_.fork()),
      line_(world, central, number, [this] { return !disk_.is_stopped(); }) {
    Disks::all().add("d" + std::to_string(number), disk_);
    setup_.instrument = random_.chance(500) ? &test::full_instrument() : &test::short_instrument();
    setup_.unit = kUnit;
    const bool late = world_.plan.late_enrolment && random_.chance(500);
    if (world_.plan.old_devices && random_.chance(700)) make_old();
    if (!late) enrol();
    always_sealed_ = enrolled_ && !was_old_;
    start();
}

/// The first version's last act: some answers, unsealed, and their visitors thanked.
void Terminal::make_old() {
    SQLite::Database old(directory_ + "/outbox.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(kVersion1);
    SQLite::Statement insert(old, "INSERT INTO waiting VALUES (?, ?)");
    for (auto count = random_.between(1, 4); count > 0; --count) {
        std::array<std::uint8_t, 16> bytes{};
        random_.fill(bytes);
        survey::Response response{.id = survey::ResponseId::from_random(bytes),
                                  .instrument = "short",
                                  .version = 3,
                                  .unit = kUnit,
                                  .answered_at = survey::floor_to_hour(world_.wall()),
                                  .answers = {},
                                  .contact = {}};
        response.answers.nps = static_cast<int>(random_.below(11));
        response.answers.text = mark_of(static_cast<int>(++world_.tally.visits));
        std::string key;
        for (const char digit : response.id.text()) {
            if (digit != '-') key += digit;
        }
        std::array<std::uint8_t, 16> id{};
        for (std::size_t at = 0; at < id.size(); ++at) {
            id.at(at) = static_cast<std::uint8_t>(std::stoi(key.substr(2 * at, 2), nullptr, 16));
        }
        const std::string payload = survey::encode_response(response);
        insert.reset();
        insert.bind(1, id.data(), static_cast<int>(id.size()));
        insert.bind(2, payload.data(), static_cast<int>(payload.size()));
        insert.exec();
        world_.ledger.asked(number_, response);
        world_.ledger.thanked(response.id.text(), world_.now());
    }
    was_old_ = true;
    began_old_ = true;
}

void Terminal::enrol() {
    if (disk_.is_stopped() || sending_) return;
    const auto code = central_.make_code();
    const auto key = sync::device_key(directory_);
    if (!code || !key) return;
    const auto enrolled = sync::enrol(line_, *code, (*key)->public_key());
    if (!enrolled) return;
    // To central it is another device from here on, whether the disk takes that or not.
    ++enrolments_;
    if (!sync::save_identity(directory_, {"https://central", *enrolled})) return;
    const bool again = std::exchange(enrolled_, true);
    if (again) world_.tally.add(Trouble::device_enrolled_again);
    if (!again && keeping_) world_.tally.add(Trouble::device_enrolled_late);
    world_.note(number_, again ? "is enrolled again" : "is enrolled");
    refused_ = false;
    sender_.reset();
    plan_send(0);
}

void Terminal::start() {
    if (is_up()) return;
    if (sending_) {  // the courier's last call has not returned yet
        world_.at(world_.now() + kSecondMs, [this] { start(); });
        return;
    }
    if (disk_.is_stopped()) disk_.start(power_);
    settle_harm();
    booted_ms_ = world_.now();
    state_ = {};
    heard_.clear();
    effects_.clear();
    keeping_ = std::make_unique<kiosk::Keeping>(
        kiosk::KeeperOptions{.data_dir = directory_, .max_waiting = 100'000},
        [this](flow::Event event) {
            if (disk_.is_stopped()) return;
            // The screen is told at once: whatever breaks after this came too late.
            if (const auto* saved = std::get_if<flow::event::Saved>(&event)) {
                world_.ledger.thanked(saved->id.text(), world_.now());
            }
            heard_.push_back(std::move(event));
        });
    keeping_->open();
    if (disk_.is_stopped()) return fall(power_);
    if (keeping_->is_open() && std::exchange(was_old_, false)) {
        world_.tally.add(Trouble::device_upgraded);
    }
    world_.note(number_, "starts");
    hear_keeping();
    plan_send(0);
}

void Terminal::stop_program() {
    keeping_.reset();
    outbox_.reset();
    sender_.reset();
    told_ = {};
    failures_ = 0;
    idle_ = false;
}

void Terminal::fall(bool power) {
    disk_.stop();
    power_ = power;
    if (sending_) return;  // send() comes back here once its call has returned
    if (keeping_) {
        world_.tally.add(power ? Trouble::device_power_cut : Trouble::device_killed);
        world_.note(number_, power ? "loses power" : "is killed");
    }
    stop_program();
    settle_harm();
    look_for_traces();
    if (!world_.healed) world_.at(world_.now() + random_.below(2 * kHourMs), [this] { start(); });
}

void Terminal::arm(std::int64_t call, bool power) {
    power_ = power;
    disk_.stop_at(call);
}

void Terminal::settle_harm() {
    const auto& harm = disk_.harm();
    world_.tally.add(Trouble::writes_lost, harm.lost - seen_.lost);
    world_.tally.add(Trouble::write_torn, harm.torn - seen_.torn);
    world_.tally.add(Trouble::device_disk_error, harm.errors - seen_.errors);
    world_.tally.add(Trouble::device_disk_full, harm.refusals - seen_.refusals);
    seen_ = harm;
}

void Terminal::jump_clock(std::int64_t by_ms) {
    clock_ms_ += by_ms;
    world_.tally.add(Trouble::device_clock_jump);
    world_.note(number_, "its clock jumps by " + std::to_string(by_ms / kSecondMs) + " s");
}

void Terminal::back_up() {
    if (!enrolled_) return;
    backup_ = disk_.image();
    backed_up_at_ = world_.now();
    world_.note(number_, "is backed up");
}

void Terminal::restore() {
    if (!backup_ || sending_ || world_.healed) return;
    stop_program();
    settle_harm();
    disk_.start(false);
    disk_.restore(*backup_);
    world_.ledger.device_restored(number_, backed_up_at_, world_.now());
    world_.tally.add(Trouble::device_restored);
    world_.note(number_, "is restored from its backup");
    was_restored_ = true;
    start();
}

flow::Inputs Terminal::inputs() {
    flow::Inputs out;
    out.now = flow::Instant(world_.now() - booted_ms_ + visit_ms_);
    out.wall = world_.wall(clock_ms_);
    random_.fill(out.random);
    return out;
}

void Terminal::feed(const flow::Event& event) {
    auto step = flow::step(setup_, std::move(state_), event, inputs());
    state_ = std::move(step.state);
    for (auto& effect : step.effects) effects_.push_back(std::move(effect));
}

void Terminal::hear_keeping() {
    for (const auto& event : std::exchange(heard_, {})) feed(event);
}

void Terminal::answer_question() {
    const auto* question = flow::current_question(setup_, state_);
    visit_ms_ += random_.between(1, 9) * kSecondMs;
    if (question->kind != survey::QuestionKind::open_text && random_.chance(200)) {
        return feed(flow::event::Skipped{});
    }
    switch (question->kind) {
        case survey::QuestionKind::nps:
            feed(flow::event::Scored{static_cast<int>(random_.below(11))});
            break;
        case survey::QuestionKind::statement:
            feed(flow::event::Rated{static_cast<int>(random_.between(1, 5))});
            break;
        case survey::QuestionKind::choice:
            feed(flow::event::Chosen{random_.chance(500) ? "first" : "again"});
            break;
        case survey::QuestionKind::open_text: {
            const auto mark = "z" + mark_of(static_cast<int>(++world_.tally.visits));
            for (const char letter : mark) {
                feed(flow::event::Typed{static_cast<char32_t>(letter)});
            }
            break;
        }
        case survey::QuestionKind::contact:
            for (const char letter : std::string_view("call me")) {
                feed(flow::event::Typed{static_cast<char32_t>(letter)});
            }
            break;
    }
    feed(flow::event::Next{});
}

/// What the keeper does every few seconds while its store is closed or full.
void Terminal::look_at_store() {
    if (!keeping_->is_open()) keeping_->open();
    if (keeping_->is_full()) keeping_->look_at_room();
    hear_keeping();
}

void Terminal::visit() {
    if (!is_up()) return;
    visit_ms_ = 0;
    const auto harm = disk_.harm();
    look_at_store();
    if (disk_.is_stopped()) return fall(power_);
    const bool healthy = disk_.harm().errors == harm.errors && !disk_.is_full();
    if (healthy && state_.screen == flow::Screen::thanks) feed(flow::event::Finished{});
    if (healthy && state_.screen != flow::Screen::attract) {
        world_.broke(Promise::goes_on, number_,
                     "a visitor finds the terminal closed though its disk works");
    }
    feed(flow::event::Started{random_.chance(500) ? survey::Language::fi : survey::Language::sv});
    for (int page = 0; page < 12 && state_.screen == flow::Screen::question; ++page) {
        if (random_.chance(world_.plan.leaves) && random_.chance(300)) {
            visit_ms_ += 10 * kMinuteMs;
            feed(flow::event::Ticked{});
            effects_.clear();
            return;
        }
        answer_question();
    }
    wait_for_thanks();
    effects_.clear();
    if (disk_.is_stopped()) return fall(power_);
    if (state_.screen == flow::Screen::thanks) feed(flow::event::Finished{});
    effects_.clear();
    settle_harm();
    if (idle_) plan_send(0);
}

/// What the flow has handed to the keeper and the keeper has not looked at yet.
std::vector<survey::Response> Terminal::take_saves() {
    std::vector<survey::Response> out;
    for (auto& effect : std::exchange(effects_, {})) {
        if (auto* asked = std::get_if<flow::effect::Save>(&effect)) {
            world_.ledger.asked(number_, asked->response);
            world_.note(number_, "a visitor sends " + asked->response.id.text());
            out.push_back(std::move(asked->response));
        }
    }
    return out;
}

/// The visitor at the saving screen: what could not be kept is tried again, or left.
void Terminal::wait_for_thanks() {
    for (int tries = 0; tries < kMostTries && !disk_.is_stopped(); ++tries) {
        auto saves = take_saves();
        if (!saves.empty() && !world_.healed && random_.chance(world_.plan.slow)) {
            // The disk takes so long that the flow gives up waiting, while the keeper does not.
            world_.tally.add(Trouble::device_disk_slow);
            visit_ms_ += setup_.timeouts.saving.count() + kSecondMs;
            feed(flow::event::Ticked{});
            press_again(random_.chance(700));
            for (auto& again : take_saves()) saves.push_back(std::move(again));
        }
        for (const auto& response : saves) save(response);
        if (state_.screen != flow::Screen::save_failed || disk_.is_stopped()) return;
        visit_ms_ += 5 * kSecondMs;
        press_again(tries + 1 < kMostTries && random_.chance(700));
    }
}

void Terminal::press_again(bool again) {
    tried_again_ = true;
    if (again) {
        feed(flow::event::SaveRetried{});
    } else {
        feed(flow::event::SaveAbandoned{});
    }
}

void Terminal::save(const survey::Response& response) {
    if (disk_.is_stopped()) return;
    const auto errors = disk_.harm().errors;
    const bool waits = state_.id == response.id;
    if (!keeping_->is_open()) keeping_->open();
    keeping_->keep(response);
    hear_keeping();
    const bool thanked = waits && state_.screen == flow::Screen::thanks;
    world_.note(number_, thanked ? "and is thanked" : "and is not thanked");
    if (disk_.is_stopped()) return;
    if (waits && !thanked && disk_.harm().errors == errors && !disk_.is_full()) {
        world_.broke(Promise::goes_on, number_, "an answer is not taken though the disk works");
    }
    if (thanked && (!state_.answers.empty() || !state_.contact.empty() || state_.id)) {
        world_.broke(Promise::private_, number_, "the flow remembers who was thanked");
    }
}

/// A thief who takes the device now finds nothing of any visitor on its disk.
void Terminal::look_for_traces() {
    if (always_sealed_ && disk_.holds(kMark)) {
        world_.broke(Promise::private_, number_, "a visitor's words lie open on the disk");
    }
}

}  // namespace kaiku::sim
