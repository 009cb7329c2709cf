#include "central/ops/backup.hpp"

#include "central/main/commands.hpp"

namespace kaiku::central {
namespace {

std::int64_t rows_of(const ops::Manifest& manifest, const char* table) {
    const auto found = manifest.counts.find(table);
    return found == manifest.counts.end() ? 0 : found->second;
}

std::string described(const ops::Manifest& manifest) {
    return std::to_string(rows_of(manifest, "responses")) + " answers, " +
           std::to_string(rows_of(manifest, "contacts")) + " contact wishes, " +
           std::to_string(rows_of(manifest, "devices")) + " devices, schema " +
           std::to_string(manifest.schema) + ", of " + manifest.made_at + "\n";
}

}  // namespace

Status run_backup(const Settings& settings, const CommandLine& line) {
    const std::string address = store_address(settings);
    Result<ops::Manifest> made;
    if (is_postgres(address)) {
        made = ops::back_up_postgres(address, line.file);
    } else {
        const auto path = store_path(address);
        if (!path) return tl::make_unexpected(path.error());
        made = ops::back_up_sqlite(*path, line.file);
    }
    if (!made) return tl::make_unexpected(made.error());
    return print(line.file + ": " + described(*made));
}

Status run_restore(const Settings& settings, const CommandLine& line) {
    if (line.check_only) {
        const auto good = ops::check_backup(line.file);
        if (!good) return tl::make_unexpected(good.error());
        return print(line.file + ": good: " + described(*good));
    }
    const std::string address = store_address(settings);
    Result<ops::Restored> restored;
    if (is_postgres(address)) {
        restored = ops::restore_postgres(line.file, address, line.force);
    } else {
        const auto path = store_path(address);
        if (!path) return tl::make_unexpected(path.error());
        restored = ops::restore_sqlite(line.file, *path, line.force);
    }
    if (!restored) return tl::make_unexpected(restored.error());
    const std::string kept =
        restored->kept.empty() ? "" : "what was there before: " + restored->kept.string() + "\n";
    return print("restored: " + described(restored->manifest) + kept);
}

}  // namespace kaiku::central
