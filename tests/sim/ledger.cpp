#include "tests/sim/ledger.hpp"

#include <algorithm>
#include <utility>

#include "survey/wire.hpp"

namespace kaiku::sim {
namespace {

constexpr int kLetters = 20;
constexpr std::size_t kMarkLetters = 6;

/// The answer as central must hold it: what the wire carries, with the contact kept apart.
std::optional<survey::Response> as_stored(const survey::Response& response) {
    auto read = survey::decode_response(survey::encode_response(response));
    if (!read) return std::nullopt;
    read->contact.clear();
    return *std::move(read);
}

}  // namespace

void Tally::add(const Tally& other) {
    for (std::size_t at = 0; at < troubles.size(); ++at) troubles.at(at) += other.troubles.at(at);
    devices += other.devices;
    device_seconds += other.device_seconds;
    visits += other.visits;
    thanked += other.thanked;
    stored += other.stored;
    excused += other.excused;
    ledgers += other.ledgers;
    posts += other.posts;
    disk_calls += other.disk_calls;
}

std::string_view name_of(Promise promise) {
    switch (promise) {
        case Promise::durable:
            return "1: thanked means durable";
        case Promise::exactly_once:
            return "2: exactly once";
        case Promise::private_:
            return "3: nothing of a visitor is left on the device";
        case Promise::goes_on:
            return "4: a device goes on collecting";
        case Promise::counted:
            return "5: both sides' counts agree";
    }
    return "";
}

std::string mark_of(int visit) {
    std::string mark(kMark);
    for (std::size_t place = 0; place < kMarkLetters; ++place, visit /= kLetters) {
        mark += static_cast<char>('a' + visit % kLetters);
    }
    return mark;
}

std::string mark_in(const std::string& text) {
    const auto at = text.find(kMark);
    return at == std::string::npos ? "" : text.substr(at, kMark.size() + kMarkLetters);
}

void Ledger::asked(int device, const survey::Response& response) {
    Answer& answer = answers_[response.id.text()];
    answer.device = device;
    answer.mark = mark_in(response.answers.text);
    answer.versions.push_back(response);
}

void Ledger::thanked(const std::string& id, std::int64_t now) {
    Answer& answer = answers_[id];
    if (!answer.thanked_at) ++thanked_;
    answer.thanked_at = now;
}

void Ledger::receipted(const std::string& id) {
    const auto found = answers_.find(id);
    if (found != answers_.end()) found->second.receipted = true;
}

void Ledger::device_restored(int device, std::int64_t taken, std::int64_t now) {
    for (auto& [id, answer] : answers_) {
        if (answer.device != device || !answer.thanked_at) continue;
        const bool between = *answer.thanked_at >= taken && *answer.thanked_at <= now;
        if (between && !answer.receipted) answer.lost_with_device = true;
    }
}

void Ledger::rolled_back(const std::set<std::string>& ids) {
    for (const auto& id : ids) {
        const auto found = answers_.find(id);
        if (found != answers_.end()) found->second.rolled_back = true;
    }
}

/// A backup brings back what it held and nothing else: what a device was told is safe with central
/// goes with central's newer data, what only the device had goes with the device's.
bool Ledger::may_be_missing(const Answer& answer) const noexcept {
    return answer.lost_with_device || (answer.rolled_back && answer.receipted);
}

std::vector<Broken> Ledger::compare(const std::vector<survey::Response>& stored) {
    std::vector<Broken> broken;
    std::map<std::string, int> copies;  // by visitor
    std::set<std::string> ids;
    for (const auto& response : stored) {
        const std::string& id = response.id.text();
        ids.insert(id);
        const auto found = answers_.find(id);
        if (found == answers_.end()) {
            broken.push_back(
                {Promise::exactly_once, -1, "central holds " + id + ", which nobody sent"});
            continue;
        }
        const Answer& answer = found->second;
        if (++copies[answer.mark] == 2) {
            broken.push_back({Promise::exactly_once, answer.device,
                              "central holds two answers of one visitor, one of them " + id});
        }
        const bool same = std::any_of(answer.versions.begin(), answer.versions.end(),
                                      [&](const survey::Response& version) {
                                          const auto expected = as_stored(version);
                                          return expected && *expected == response;
                                      });
        if (!same) {
            broken.push_back({Promise::exactly_once, answer.device,
                              "central holds " + id + " with another content than was sent"});
        }
    }
    for (const auto& [id, answer] : answers_) {
        if (!answer.thanked_at || ids.contains(id)) continue;
        if (may_be_missing(answer)) {
            ++excused_;
            continue;
        }
        broken.push_back({Promise::durable, answer.device,
                          "the visitor was thanked for " + id + ", which is lost"});
    }
    return broken;
}

std::int64_t Ledger::count_of(int device, const std::set<std::string>& ids) const {
    return std::count_if(answers_.begin(), answers_.end(), [&](const auto& entry) {
        return entry.second.device == device && ids.contains(entry.first);
    });
}

}  // namespace kaiku::sim
