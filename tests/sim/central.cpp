#include "tests/sim/central.hpp"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "central/results/ledger.hpp"
#include "central/service/secrets.hpp"
#include "central/store/sqlite_store.hpp"
#include "sync/local_day.hpp"

namespace kaiku::sim {
namespace {

constexpr const char* kStorePath = "/kaiku-sim.central.db";
constexpr const char* kKeyPath = "/kaiku-sim.central.key";
constexpr const char* kSigningPath = "/kaiku-sim.central.signing";
constexpr int kCentral = -1;

/// The store that the first version made, with a unit: as central/store/sqlite_schema.cpp had it
/// then, and as it stays.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE units (
  code TEXT PRIMARY KEY, name_fi TEXT NOT NULL, name_sv TEXT NOT NULL,
  parent TEXT REFERENCES units(code), oid TEXT) WITHOUT ROWID;
CREATE TABLE secrets (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('enrolment', 'device', 'token')),
  unit TEXT REFERENCES units(code), scope TEXT NOT NULL, device_id TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER) WITHOUT ROWID;
CREATE TABLE responses (
  id TEXT PRIMARY KEY,
  answered_at INTEGER NOT NULL,
  unit TEXT NOT NULL REFERENCES units(code),
  channel TEXT NOT NULL, language TEXT NOT NULL, respondent TEXT NOT NULL,
  assisted INTEGER NOT NULL CHECK (assisted IN (0, 1)),
  instrument TEXT NOT NULL, version INTEGER NOT NULL,
  nps INTEGER CHECK (nps BETWEEN 0 AND 10),
  statements TEXT NOT NULL, cant_say TEXT NOT NULL, choices TEXT NOT NULL,
  text TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX responses_by_time ON responses(answered_at, unit);
CREATE TABLE contacts (
  id TEXT PRIMARY KEY, unit TEXT NOT NULL REFERENCES units(code),
  received_day TEXT NOT NULL, language TEXT NOT NULL, contact TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO units VALUES ('polyclinic', 'Poliklinikka', 'Poliklinik', NULL, NULL);
PRAGMA application_id = 1264675179;
PRAGMA user_version = 1;
)sql";

}  // namespace

Endpoint::Endpoint(World& world)
    : world_(world), random_(world.random.fork()), disk_(random_.fork()) {
    Disks::all().add("central", disk_);
    if (world_.plan.old_central) make_old();
    start();
}

/// The earlier version's last act: a store with one answer in it.
void Endpoint::make_old() {
    SQLite::Database old(kStorePath, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(kVersion1);
    std::array<std::uint8_t, 16> bytes{};
    random_.fill(bytes);
    survey::Response response{.id = survey::ResponseId::from_random(bytes),
                              .instrument = "short",
                              .version = 3,
                              .unit = kUnit,
                              .answered_at = survey::floor_to_hour(world_.wall()),
                              .answers = {},
                              .contact = {}};
    response.answers.nps = 7;
    response.answers.text = mark_of(999'999);
    old.exec("INSERT INTO responses VALUES ('" + response.id.text() + "', " +
             std::to_string(response.answered_at.time_since_epoch().count()) +
             ", 'polyclinic', 'kiosk', 'fi', 'adult', 0, 'short', 3, 7, '{}', '[]', '{}', '" +
             response.answers.text + "')");
    world_.ledger.asked(kCentral, response);
    world_.ledger.thanked(response.id.text(), world_.now());
    is_old_ = true;
}

Status Endpoint::open() {
    auto sealing = sync::Keyring::load_or_make(kKeyPath);
    if (!sealing) return tl::make_unexpected(sealing.error());
    auto signing = sync::SigningKey::load_or_make(kSigningPath);
    if (!signing) return tl::make_unexpected(signing.error());
    sealing_.emplace(std::move(*sealing));
    signing_.emplace(std::move(*signing));
    auto opened = central::open_sqlite_store({.path = kStorePath});
    if (!opened) return tl::make_unexpected(opened.error());
    store_ = std::move(*opened);
    const auto units = store_->units();
    if (!units) return tl::make_unexpected(units.error());
    if (units->empty()) {
        if (auto added = store_->add_unit({kUnit, "Poliklinikka", "Poliklinik", "", ""}); !added) {
            return added;
        }
    }
    if (std::exchange(is_old_, false)) world_.tally.add(Trouble::central_upgraded);
    return {};
}

void Endpoint::start() {
    if (is_up()) return;
    if (disk_.is_stopped()) disk_.start(power_);
    settle_harm();
    const auto opened = open();
    if (opened && !disk_.is_stopped()) {
        central::ServiceEnvironment environment;
        environment.now = [this] { return world_.wall(clock_ms_); };
        environment.day_of = sync::local_day;
        environment.entropy = central::system_entropy();
        environment.key = &*sealing_;
        environment.signing = &*signing_;
        environment.credential_life = std::chrono::days(20);
        service_ = std::make_unique<central::Service>(*store_, std::move(environment));
        world_.note(kCentral, "starts");
        return;
    }
    if (!opened && opened.error().code == Errc::corrupt) {
        world_.broke(Promise::durable, kCentral,
                     "central's store is damaged: " + opened.error().detail);
        world_.healed = true;
    }
    world_.note(kCentral, "does not start: " + (opened ? "stopped" : opened.error().detail));
    fall(power_);
}

void Endpoint::settle_harm() {
    const auto& harm = disk_.harm();
    world_.tally.add(Trouble::writes_lost, harm.lost - seen_.lost);
    world_.tally.add(Trouble::write_torn, harm.torn - seen_.torn);
    world_.tally.add(Trouble::central_disk_error, harm.errors - seen_.errors);
    world_.tally.add(Trouble::central_disk_full, harm.refusals - seen_.refusals);
    seen_ = harm;
}

void Endpoint::arm(std::int64_t call, bool power) {
    power_ = power;
    disk_.stop_at(call);
}

void Endpoint::fall(bool power) {
    const bool first = !disk_.is_stopped() || is_up();
    disk_.stop();
    service_.reset();
    store_.reset();
    power_ = power;
    settle_harm();
    if (first) {
        world_.tally.add(power ? Trouble::central_power_cut : Trouble::central_killed);
        world_.note(kCentral, power ? "loses power" : "is killed");
    }
    if (!world_.healed) world_.at(world_.now() + random_.below(kHourMs), [this] { start(); });
}

std::optional<sync::UplinkReply> Endpoint::handle(const sync::UplinkRequest& request) {
    if (!is_up()) return std::nullopt;
    const auto number = sync::parse_number(sync::header_of(request.headers, sync::kNumberHeader));
    if (number) {
        auto& last = last_numbers_[request.bearer];
        if (*number < last) world_.tally.add(Trouble::out_of_order);
        last = std::max(last, *number);
    }
    const auto reply = service_->handle({"POST", request.path, "application/json",
                                         request.bearer.empty() ? "" : "Bearer " + request.bearer,
                                         request.body, "", "", request.headers});
    settle_harm();
    if (disk_.is_stopped()) {
        fall(power_);
        return std::nullopt;
    }
    world_.note(kCentral, request.path + " " + std::to_string(reply.status));
    sync::UplinkReply out{reply.status, reply.content_type, reply.body, 0};
    for (const auto& field : reply.headers) {
        if (sync::is_kaiku_header(field.first)) out.headers.push_back(field);
    }
    return out;
}

std::optional<std::string> Endpoint::make_code() {
    if (!is_up()) return std::nullopt;
    auto code = central::make_enrolment_code(central::system_entropy());
    central::Secret secret;
    secret.hash = central::hash_secret(code);
    secret.kind = central::SecretKind::enrolment;
    secret.unit = kUnit;
    secret.created_at = world_.wall(clock_ms_);
    secret.expires_at = secret.created_at + std::chrono::hours(1);
    const auto added = store_->add_secret(secret);
    if (disk_.is_stopped()) fall(power_);
    if (!added || !is_up()) return std::nullopt;
    return code;
}

void Endpoint::jump_clock(std::int64_t by_ms) {
    clock_ms_ += by_ms;
    world_.tally.add(Trouble::central_clock_jump);
    world_.note(kCentral, "its clock jumps by " + std::to_string(by_ms / kSecondMs) + " s");
}

/// As `kaiku-central key rotate` does it, and central started again to know of it.
void Endpoint::rotate_key() {
    if (!is_up() || world_.healed || disk_.is_stopped()) return;
    service_.reset();
    store_.reset();
    auto ring = sync::Keyring::load(kKeyPath);
    if (ring && ring->rotate(kKeyPath)) {
        world_.tally.add(Trouble::key_rotated);
        world_.note(kCentral, "has a new sealing key");
    }
    if (disk_.is_stopped()) return fall(power_);
    start();
}

void Endpoint::back_up() {
    backup_ = disk_.image();
    world_.note(kCentral, "is backed up");
}

/// The administrator stops central, puts the backup in the place of its files, and starts it.
void Endpoint::restore() {
    if (!backup_ || !is_up() || world_.healed || disk_.is_full()) return;
    if (disk_.is_stopped()) return fall(power_);
    std::set<std::string> ids;
    for (const auto& response : stored()) ids.insert(response.id.text());
    service_.reset();
    store_.reset();
    settle_harm();
    disk_.start(false);
    // The backup is of the store alone; keys are kept in another place (docs/OPERATIONS.md).
    auto files = *backup_;
    const auto present = disk_.image();
    for (const char* key : {kKeyPath, kSigningPath}) files[key] = present.at(key);
    disk_.restore(files);
    world_.note(kCentral, "is restored from its backup");
    world_.tally.add(Trouble::central_restored);
    start();
    if (!is_up()) world_.broke(Promise::durable, kCentral, "the backup does not open");
    for (const auto& response : stored()) ids.erase(response.id.text());
    world_.ledger.rolled_back(ids);
}

std::vector<survey::Response> Endpoint::stored() {
    std::vector<survey::Response> out;
    if (!store_) return out;
    const auto done = store_->visit({}, [&](const survey::Response& response) {
        out.push_back(response);
        return true;
    });
    if (!done) world_.broke(Promise::counted, kCentral, done.error().detail);
    return out;
}

std::string Endpoint::ledger_difference(const std::string& device_id) {
    const auto ledger = store_->ledger(device_id, "", "9999");
    const auto devices = store_->devices();
    if (!ledger || !devices) return "cannot be read";
    std::string out;
    for (const auto& line : central::judge_ledger(*ledger, *devices, "", "9999", "").lines) {
        if (line.differs) out += line.row.central.day + ": " + line.verdict + "; ";
    }
    return out;
}

std::int64_t Endpoint::counted() {
    std::int64_t count = 0;
    const auto tallies = store_ ? store_->tally({}) : central::Tallies{};
    if (!tallies) return -1;
    for (const auto& [key, tally] : *tallies) count += tally.responses;
    return count;
}

}  // namespace kaiku::sim
