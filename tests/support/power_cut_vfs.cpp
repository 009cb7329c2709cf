#include "tests/support/power_cut_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

namespace kaiku::test {
namespace {

/// SQLite gives raw memory of szOsFile bytes; the real file's state lies behind ours in it.
struct ShimFile {
    sqlite3_file base;
    PowerCutVfs* vfs;
    std::shared_ptr<PowerCutVfs::Node>* node;  // nullptr: a temporary file, passed through
    sqlite3_file* real;
};

constexpr std::size_t kRealOffset = (sizeof(ShimFile) + 15) / 16 * 16;

ShimFile& shim(sqlite3_file* file) { return *reinterpret_cast<ShimFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return shim(file).real; }
PowerCutVfs::Node& node(sqlite3_file* file) { return **shim(file).node; }

std::string read_whole(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_whole(const std::string& path, const std::string& bytes) {
    // Written in place: the file keeps its inode, which SQLite's locks belong to.
    std::ofstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    if (!file) return;
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void apply_change(std::string& content, const PowerCutVfs::Change& change) {
    const auto offset = static_cast<std::size_t>(change.offset);
    if (change.truncates) {
        content.resize(offset);
        return;
    }
    content.resize(std::max(content.size(), offset + change.bytes.size()));
    content.replace(offset, change.bytes.size(), change.bytes);
}

int close_file(sqlite3_file* file) {
    delete shim(file).node;
    shim(file).node = nullptr;
    return real(file)->pMethods->xClose(real(file));
}

int read_file(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
    if (shim(file).vfs->is_cut()) return SQLITE_IOERR_READ;
    const auto& content = node(file).current;
    const auto begin = std::min(static_cast<std::size_t>(offset), content.size());
    const auto got = std::min(static_cast<std::size_t>(amount), content.size() - begin);
    std::memcpy(out, content.data() + begin, got);
    if (got == static_cast<std::size_t>(amount)) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + got, 0, static_cast<std::size_t>(amount) - got);
    return SQLITE_IOERR_SHORT_READ;
}

int change_file(sqlite3_file* file, PowerCutVfs::Change change) {
    if (const int code = shim(file).vfs->count_change(); code != SQLITE_OK) return code;
    if (shim(file).vfs->is_full() && !change.truncates) return SQLITE_FULL;
    apply_change(node(file).current, change);
    node(file).pending.push_back(std::move(change));
    return SQLITE_OK;
}

int write_file(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
    return change_file(
        file, {offset, {static_cast<const char*>(data), static_cast<std::size_t>(amount)}, false});
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return change_file(file, {size, {}, true});
}

int sync_file(sqlite3_file* file, int) {
    if (const int code = shim(file).vfs->count_change(); code != SQLITE_OK) return code;
    auto& mine = node(file);
    const auto size = static_cast<sqlite3_int64>(mine.current.size());
    auto* methods = real(file)->pMethods;
    if (!mine.current.empty()) {
        const int code =
            methods->xWrite(real(file), mine.current.data(), static_cast<int>(size), 0);
        if (code != SQLITE_OK) return code;
    }
    mine.pending.clear();
    return methods->xTruncate(real(file), size);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(node(file).current.size());
    return SQLITE_OK;
}

int file_control(sqlite3_file* file, int what, void* argument) {
    // Hints that would change the real file's size behind our back.
    if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_NOTFOUND;
    return real(file)->pMethods->xFileControl(real(file), what, argument);
}

const sqlite3_io_methods kMethods = {
    2,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    file_size,
    [](sqlite3_file* f, int level) { return real(f)->pMethods->xLock(real(f), level); },
    [](sqlite3_file* f, int level) { return real(f)->pMethods->xUnlock(real(f), level); },
    [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); },
    file_control,
    [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); },
    [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); },
    [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
        return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
    },
    [](sqlite3_file* f, int offset, int n, int flags) {
        return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
    },
    [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); },
    nullptr,
    nullptr};

int open_file(sqlite3_vfs* self, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* vfs = static_cast<PowerCutVfs*>(self->pAppData);
    auto& mine = shim(file);
    mine.base.pMethods = nullptr;
    mine.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kRealOffset);
    if (vfs->is_cut()) return SQLITE_CANTOPEN;
    const int code = vfs->real()->xOpen(vfs->real(), name, mine.real, flags, out_flags);
    if (code != SQLITE_OK) return code;
    mine.vfs = vfs;
    mine.node = new std::shared_ptr<PowerCutVfs::Node>(
        name != nullptr ? vfs->node_of(name) : std::make_shared<PowerCutVfs::Node>());
    mine.base.pMethods = &kMethods;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* self, const char* name, int sync_directory) {
    auto* vfs = static_cast<PowerCutVfs*>(self->pAppData);
    if (const int code = vfs->count_change(); code != SQLITE_OK) return code;
    vfs->forget(name);
    return vfs->real()->xDelete(vfs->real(), name, sync_directory);
}

}  // namespace

PowerCutVfs::PowerCutVfs() : real_(sqlite3_vfs_find(nullptr)), shim_(*real_) {
    shim_.zName = "power_cut";
    shim_.pNext = nullptr;
    shim_.pAppData = this;
    shim_.szOsFile = static_cast<int>(kRealOffset) + real_->szOsFile;
    shim_.xOpen = open_file;
    shim_.xDelete = delete_file;
    shim_.xAccess = [](sqlite3_vfs* self, const char* name, int flags, int* out) {
        auto* below = static_cast<PowerCutVfs*>(self->pAppData)->real();
        return below->xAccess(below, name, flags, out);
    };
    shim_.xFullPathname = [](sqlite3_vfs* self, const char* name, int size, char* out) {
        auto* below = static_cast<PowerCutVfs*>(self->pAppData)->real();
        return below->xFullPathname(below, name, size, out);
    };
    sqlite3_vfs_register(&shim_, 1);
}

PowerCutVfs::~PowerCutVfs() {
    sqlite3_vfs_unregister(&shim_);
    sqlite3_vfs_register(real_, 1);
}

void PowerCutVfs::cut_at(std::int64_t call) noexcept {
    cut_at_ = call;
    calls_ = 0;
}

int PowerCutVfs::count_change() noexcept {
    ++calls_;
    return is_cut() ? SQLITE_IOERR : SQLITE_OK;
}

std::shared_ptr<PowerCutVfs::Node> PowerCutVfs::node_of(const std::string& path) {
    auto& found = nodes_[path];
    if (!found) {
        found = std::make_shared<Node>();
        found->current = read_whole(path);
    }
    return found;
}

void PowerCutVfs::restore_power(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (const auto& [path, node] : nodes_) {
        if (seed == 0 || node->pending.empty()) continue;
        auto content = read_whole(path);
        for (const auto& change : node->pending) {
            constexpr std::size_t kSector = 512;
            for (std::size_t at = 0; at < std::max<std::size_t>(change.bytes.size(), 1);
                 at += kSector) {
                if (random() % 2 == 0) continue;
                if (change.truncates) continue;  // shortening a file is never half done: left out
                apply_change(content, {change.offset + static_cast<std::int64_t>(at),
                                       change.bytes.substr(at, kSector), false});
            }
        }
        write_whole(path, content);
    }
    nodes_.clear();
    cut_at_ = -1;
    calls_ = 0;
}

}  // namespace kaiku::test
