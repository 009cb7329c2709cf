#include "central/main/commands.hpp"
#include "central/main/web_room.hpp"

namespace kaiku::central {
namespace {

/// The ring and its file. A command never makes the first key: a mistyped path would become one.
struct RingFile {
    std::filesystem::path path;
    sync::Keyring ring;
};
Result<RingFile> open_ring(const Settings& settings) {
    const auto path = sealing_key_path(settings);
    if (!path) return tl::make_unexpected(path.error());
    auto ring = sync::Keyring::load(*path);
    if (!ring) return tl::make_unexpected(ring.error());
    return RingFile{*path, std::move(*ring)};
}

}  // namespace

Status run_key_list(const Settings& settings, const CommandLine& /*line*/) {
    const auto file = open_ring(settings);
    if (!file) return tl::make_unexpected(file.error());
    std::string out;
    for (const auto& key : file->ring.keys()) {
        out += sync::key_id(key) + (out.empty() ? "  in use\n" : "  former\n");
    }
    return print(out);
}

Status run_key_rotate(const Settings& settings, const CommandLine& /*line*/) {
    auto file = open_ring(settings);
    if (!file) return tl::make_unexpected(file.error());
    if (Status done = file->ring.rotate(file->path); !done) return done;
    return print(sync::key_id(file->ring.public_key()) + "\n");
}

Status run_key_retire(const Settings& settings, const CommandLine& line) {
    auto file = open_ring(settings);
    if (!file) return tl::make_unexpected(file.error());
    const auto aside = file->ring.retire(file->path, line.key);
    if (!aside) return tl::make_unexpected(aside.error());
    return print(aside->string() + "\n");
}

}  // namespace kaiku::central
