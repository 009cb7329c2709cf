#include <algorithm>
#include <mutex>

#include "central/fleet/stores.hpp"

namespace kaiku::central::fleet {
namespace {

class MemoryConfigStore final : public ConfigStore {
  public:
    Result<std::vector<ConfigVersion>> versions() override {
        const std::lock_guard lock(mutex_);
        std::vector<ConfigVersion> all;
        for (const auto& [key, version] : versions_) all.push_back(version);
        return all;
    }
    Status add(const ConfigVersion& version) override {
        const std::lock_guard lock(mutex_);
        if (versions_.try_emplace({version.scope, version.version}, version).second) return {};
        return fail(Errc::refused, "fleet: the version is there already; try again");
    }
    Status roll_out(const ConfigScope& scope, std::int64_t version, int percent) override {
        const std::lock_guard lock(mutex_);
        const auto found = versions_.find({scope, version});
        if (found == versions_.end()) return fail(Errc::not_found, "fleet: no such version");
        found->second.percent = percent;
        return {};
    }
    Result<Groups> groups() override {
        const std::lock_guard lock(mutex_);
        return groups_;
    }
    Status set_member(const std::string& group, const std::string& device_id,
                      bool member) override {
        const std::lock_guard lock(mutex_);
        if (member) {
            groups_[group].insert(device_id);
            return {};
        }
        const auto found = groups_.find(group);
        if (found == groups_.end()) return {};
        found->second.erase(device_id);
        if (found->second.empty()) groups_.erase(found);
        return {};
    }

  private:
    std::mutex mutex_;
    std::map<std::pair<ConfigScope, std::int64_t>, ConfigVersion> versions_;
    Groups groups_;
};

class MemoryWatchStore final : public WatchStore {
  public:
    using WatchStore::hear;
    Status hear(std::span<const Heard> heard) override {
        const std::lock_guard lock(mutex_);
        for (const Heard& each : heard) {
            Heard& kept = heard_[each.device_id];
            const auto before = kept.heartbeat.last_answer;
            kept = each;
            kept.heartbeat.last_answer = std::max(before, each.heartbeat.last_answer);
        }
        return {};
    }
    Result<std::vector<Heard>> heard() override {
        const std::lock_guard lock(mutex_);
        std::vector<Heard> all;
        for (const auto& [id, heard] : heard_) all.push_back(heard);
        return all;
    }
    Result<std::pair<AlertBook, std::int64_t>> book() override {
        const std::lock_guard lock(mutex_);
        return std::pair{book_, revision_};
    }
    Status keep_book(const AlertBook& book, std::int64_t revision) override {
        const std::lock_guard lock(mutex_);
        if (revision != revision_) return fail(Errc::busy, "fleet: somebody else looks after it");
        book_ = book;
        ++revision_;
        return {};
    }

  private:
    std::mutex mutex_;
    std::map<std::string, Heard> heard_;
    AlertBook book_;
    std::int64_t revision_ = 0;
};

}  // namespace

std::unique_ptr<ConfigStore> make_memory_config_store() {
    return std::make_unique<MemoryConfigStore>();
}

std::unique_ptr<WatchStore> make_memory_watch_store() {
    return std::make_unique<MemoryWatchStore>();
}

}  // namespace kaiku::central::fleet
