#include "sync/salvage.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "kiosk/main/commands.hpp"
#include "sync/sqlite_outbox.hpp"

namespace kaiku::kiosk {
namespace {

namespace fs = std::filesystem;

/// Outboxes in the folder, but not the one that this device uses.
Result<std::vector<fs::path>> outboxes_in(const fs::path& folder, const fs::path& own) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& each : fs::directory_iterator(folder, error)) {
        const std::string name = each.path().filename().string();
        const bool companion = name.ends_with("-wal") || name.ends_with("-shm");
        std::error_code ignored;
        if (!name.starts_with("outbox.db") || companion) continue;
        if (!fs::equivalent(each.path(), own, ignored)) found.push_back(each.path());
    }
    if (error) return fail(Errc::not_found, folder.string() + ": " + error.message());
    if (found.empty()) {
        return fail(Errc::not_found, folder.string() +
                                         ": holds no other outbox than this device's "
                                         "own; give the folder of outbox.db.corrupt-…");
    }
    std::ranges::sort(found);
    return found;
}

/// Says what became of one file; false if not all of it is in the queue.
Result<bool> take(sync::Outbox& outbox, const fs::path& file) {
    const auto salvaged = sync::salvage_outbox(file);
    if (!salvaged) return tl::make_unexpected(salvaged.error());
    for (const auto& entry : salvaged->entries) {
        if (auto kept = outbox.put(entry); !kept) return tl::make_unexpected(kept.error());
    }
    std::printf("%s: %zu answers are in the queue, %zu cannot be read\n", file.c_str(),
                salvaged->entries.size(), salvaged->broken);
    return salvaged->broken == 0;
}

}  // namespace

int run_salvage(const Options& options) {
    const auto files = outboxes_in(options.salvage_dir, options.data_dir / "outbox.db");
    if (!files) return report(files.error());
    auto opened = sync::open_sqlite_outbox(
        options.data_dir, {.max_waiting = options.max_waiting, .set_corrupt_aside = false});
    if (!opened) return report(opened.error());
    bool whole = true;
    for (const fs::path& file : *files) {
        const auto taken = take(*opened->outbox, file);
        if (!taken) return report(taken.error());
        whole = whole && *taken;
    }
    std::printf("send them with kaiku-kiosk --sync; central keeps each answer once\n");
    return whole ? 0 : 1;
}

}  // namespace kaiku::kiosk
