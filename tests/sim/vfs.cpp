#include "tests/sim/vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/disk.hpp"

namespace kaiku::sim {
namespace {

constexpr int kSectorBytes = 4096;
constexpr std::int64_t kJulianMs = 212'667'753'600'000;  // some day of 2026

/// Who holds a database's file, as POSIX locks would say it.
struct FileLocks {
    int shared = 0;
    const void* reserved = nullptr;
    const void* pending = nullptr;
    const void* exclusive = nullptr;
};

/// The index of a write-ahead log: memory that the connections to one database share.
struct SharedIndex {
    std::vector<std::unique_ptr<std::vector<char>>> regions;
    std::array<int, SQLITE_SHM_NLOCK> shared{};
    std::array<const void*, SQLITE_SHM_NLOCK> exclusive{};
};

/// One open file of one connection.
struct Handle {
    Vfs::Layer* layer = nullptr;
    Disk* disk = nullptr;  ///< nullptr: a temporary file
    std::string name;
    FilePtr file;
    int level = SQLITE_LOCK_NONE;
    std::shared_ptr<FileLocks> locks;
    std::shared_ptr<SharedIndex> index;
    std::array<bool, SQLITE_SHM_NLOCK> reads{};  ///< shared locks on the index
    bool no_room = false;

    bool is_stopped() const { return disk != nullptr && disk->is_stopped(); }
};

struct SimFile {
    sqlite3_file base;
    Handle* handle;
};

}  // namespace

struct Vfs::Layer {
    explicit Layer(std::uint64_t seed) : random(seed) {}
    Random random;
    sqlite3_vfs vfs{};
    sqlite3_vfs* before = nullptr;
    std::map<std::string, std::weak_ptr<FileLocks>> locks;
    std::map<std::string, std::weak_ptr<SharedIndex>> indexes;
};

namespace {

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<SimFile*>(file)->handle; }
Vfs::Layer& layer_of(sqlite3_vfs* vfs) { return *static_cast<Vfs::Layer*>(vfs->pAppData); }

template <class Kept>
std::shared_ptr<Kept> shared_one(std::map<std::string, std::weak_ptr<Kept>>& all,
                                 const std::string& name) {
    auto found = all[name].lock();
    if (!found) {
        found = std::make_shared<Kept>();
        all[name] = found;
    }
    return found;
}

int code_of(Handle& handle, Io io, int broken) {
    handle.no_room = io == Io::full;
    switch (io) {
        case Io::done:
            return SQLITE_OK;
        case Io::broken:
            return broken;
        case Io::full:
            return SQLITE_FULL;
    }
    return SQLITE_IOERR;
}

int read_file(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    if (handle.is_stopped()) return SQLITE_IOERR_READ;
    const auto& content = handle.file->current;
    const auto begin = std::min(static_cast<std::size_t>(offset), content.size());
    const auto wanted = static_cast<std::size_t>(amount);
    const auto got = std::min(wanted, content.size() - begin);
    std::memcpy(out, content.data() + begin, got);
    if (got == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* data, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    const std::string_view bytes(static_cast<const char*>(data), static_cast<std::size_t>(amount));
    const auto place = static_cast<std::size_t>(offset);
    if (handle.disk != nullptr) {
        return code_of(handle, handle.disk->write(*handle.file, place, bytes), SQLITE_IOERR_WRITE);
    }
    handle.file->write(place, bytes);
    handle.file->pending.clear();
    return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = handle_of(file);
    if (handle.disk == nullptr) {
        handle.file->current.resize(static_cast<std::size_t>(size));
        return SQLITE_OK;
    }
    return code_of(handle, handle.disk->truncate(*handle.file, static_cast<std::size_t>(size)),
                   SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    if (handle.disk == nullptr) return SQLITE_OK;
    return code_of(handle, handle.disk->sync(*handle.file, handle.name), SQLITE_IOERR_FSYNC);
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(handle_of(file).file->current.size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    FileLocks& locks = *handle.locks;
    if (handle.level >= level) return SQLITE_OK;
    const auto other = [&](const void* holder) { return holder != nullptr && holder != &handle; };
    if (other(locks.exclusive)) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_SHARED) {
        if (other(locks.pending)) return SQLITE_BUSY;
        ++locks.shared;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (other(locks.reserved) || other(locks.pending)) return SQLITE_BUSY;
        locks.reserved = &handle;
    } else {
        if (other(locks.reserved) || other(locks.pending)) return SQLITE_BUSY;
        locks.pending = &handle;
        handle.level = SQLITE_LOCK_PENDING;
        if (locks.shared > 1) return SQLITE_BUSY;
        locks.exclusive = &handle;
    }
    handle.level = level;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    FileLocks& locks = *handle.locks;
    if (handle.level <= level) return SQLITE_OK;
    for (const void** holder : {&locks.reserved, &locks.pending, &locks.exclusive}) {
        if (*holder == &handle) *holder = nullptr;
    }
    if (level == SQLITE_LOCK_NONE && handle.level >= SQLITE_LOCK_SHARED) --locks.shared;
    handle.level = level;
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* out) {
    const FileLocks& locks = *handle_of(file).locks;
    *out = locks.reserved != nullptr || locks.pending != nullptr || locks.exclusive != nullptr;
    return SQLITE_OK;
}

int control_file(sqlite3_file* file, int what, void* argument) {
    Handle& handle = handle_of(file);
    if (what == SQLITE_FCNTL_HAS_MOVED) {
        *static_cast<int*>(argument) =
            handle.disk != nullptr && handle.disk->find(handle.name) != handle.file ? 1 : 0;
        return SQLITE_OK;
    }
    if (what == SQLITE_FCNTL_LAST_ERRNO) {
        *static_cast<int*>(argument) = handle.no_room ? ENOSPC : 0;
        return SQLITE_OK;
    }
    return SQLITE_NOTFOUND;
}

void unlock_index(Handle& handle, int slot) {
    const auto at = static_cast<std::size_t>(slot);
    SharedIndex& index = *handle.index;
    if (index.exclusive.at(at) == &handle) index.exclusive.at(at) = nullptr;
    if (std::exchange(handle.reads.at(at), false)) --index.shared.at(at);
}

int map_index(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    Handle& handle = handle_of(file);
    *out = nullptr;
    if (handle.is_stopped()) return SQLITE_IOERR_SHMMAP;
    if (!handle.index) handle.index = shared_one(handle.layer->indexes, handle.name);
    auto& regions = handle.index->regions;
    const auto at = static_cast<std::size_t>(page);
    if (at >= regions.size() && extend == 0) return SQLITE_OK;
    while (at >= regions.size()) {
        regions.push_back(std::make_unique<std::vector<char>>(static_cast<std::size_t>(size)));
    }
    *out = regions[at]->data();
    return SQLITE_OK;
}

int lock_index(sqlite3_file* file, int offset, int count, int flags) {
    Handle& handle = handle_of(file);
    SharedIndex& index = *handle.index;
    for (int slot = offset; slot < offset + count; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            unlock_index(handle, slot);
            continue;
        }
        const void* holder = index.exclusive.at(at);
        if (holder != nullptr && holder != &handle) return SQLITE_BUSY;
        const int mine = handle.reads.at(at) ? 1 : 0;
        if ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && index.shared.at(at) > mine) return SQLITE_BUSY;
    }
    if ((flags & SQLITE_SHM_UNLOCK) != 0) return SQLITE_OK;
    for (int slot = offset; slot < offset + count; ++slot) {
        const auto at = static_cast<std::size_t>(slot);
        if ((flags & SQLITE_SHM_EXCLUSIVE) != 0) {
            index.exclusive.at(at) = &handle;
        } else if (!std::exchange(handle.reads.at(at), true)) {
            ++index.shared.at(at);
        }
    }
    return SQLITE_OK;
}

int unmap_index(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    if (!handle.index) return SQLITE_OK;
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; ++slot) unlock_index(handle, slot);
    handle.index.reset();
    return SQLITE_OK;
}

int close_file(sqlite3_file* file) {
    (void)unmap_index(file, 0);
    (void)unlock_file(file, SQLITE_LOCK_NONE);
    delete &handle_of(file);
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    2,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    size_of_file,
    lock_file,
    unlock_file,
    check_reserved,
    control_file,
    [](sqlite3_file*) { return kSectorBytes; },
    [](sqlite3_file*) { return static_cast<int>(SQLITE_IOCAP_POWERSAFE_OVERWRITE); },
    map_index,
    lock_index,
    [](sqlite3_file*) {},
    unmap_index,
    nullptr,
    nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& mine = *reinterpret_cast<SimFile*>(file);
    mine.base.pMethods = nullptr;
    auto handle = std::make_unique<Handle>();
    handle->layer = &layer_of(vfs);
    handle->locks = std::make_shared<FileLocks>();
    if (name == nullptr) {
        handle->file = std::make_shared<File>();
    } else {
        handle->name = name;
        handle->disk = Disks::all().of(name);
        if (handle->disk == nullptr) return SQLITE_CANTOPEN;
        handle->file = handle->disk->open(name, (flags & SQLITE_OPEN_CREATE) != 0);
        if (!handle->file) return SQLITE_CANTOPEN;
        handle->locks = shared_one(handle->layer->locks, name);
    }
    if (out_flags != nullptr) *out_flags = flags;
    mine.handle = handle.release();
    mine.base.pMethods = &kMethods;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char* name, int sync_directory) {
    Disk* disk = Disks::all().of(name);
    if (disk == nullptr || !disk->find(name)) return SQLITE_IOERR_DELETE_NOENT;
    return disk->remove(name, sync_directory != 0) == Io::done ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

int access_file(sqlite3_vfs*, const char* name, int flags, int* out) {
    const Disk* disk = Disks::all().of(name);
    const FilePtr file = disk == nullptr ? nullptr : disk->find(name);
    // As on a real system, an empty journal is none.
    *out = file && (flags != SQLITE_ACCESS_EXISTS || !file->current.empty()) ? 1 : 0;
    return SQLITE_OK;
}

int full_name(sqlite3_vfs*, const char* name, int size, char* out) {
    const std::string_view text(name);
    if (text.size() + 1 > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, name, text.size() + 1);
    return SQLITE_OK;
}

int random_bytes(sqlite3_vfs* vfs, int size, char* out) {
    for (int at = 0; at < size; ++at) {
        out[at] = static_cast<char>(layer_of(vfs).random.next() & 0xFFU);
    }
    return size;
}

}  // namespace

Vfs::Vfs(std::uint64_t seed) : layer_(std::make_unique<Layer>(seed)) {
    auto& vfs = layer_->vfs;
    layer_->before = sqlite3_vfs_find(nullptr);
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(SimFile);
    vfs.mxPathname = 512;
    vfs.zName = "simulated";
    vfs.pAppData = layer_.get();
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_name;
    vfs.xRandomness = random_bytes;
    vfs.xSleep = [](sqlite3_vfs*, int microseconds) { return microseconds; };
    vfs.xCurrentTime = [](sqlite3_vfs*, double* days) {
        *days = static_cast<double>(kJulianMs) / 86'400'000.0;
        return SQLITE_OK;
    };
    vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return SQLITE_OK; };
    vfs.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* now) {
        *now = kJulianMs;
        return SQLITE_OK;
    };
    sqlite3_vfs_register(&vfs, 1);
    sqlite3_randomness(0, nullptr);  // what it draws from now on comes from here
}

Vfs::~Vfs() {
    sqlite3_vfs_unregister(&layer_->vfs);
    sqlite3_vfs_register(layer_->before, 1);
}

}  // namespace kaiku::sim
