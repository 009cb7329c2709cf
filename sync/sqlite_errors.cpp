#include "sync/sqlite_errors.hpp"

#include <cerrno>
#include <filesystem>

#include "sync/files.hpp"

namespace kaiku::sync {
namespace {

const char* cure_of(Errc code) noexcept {
    switch (code) {
        case Errc::full:
            return "the disk is full: free some space on it";
        case Errc::busy:
            return "another program holds the file; close it";
        case Errc::corrupt:
            return "restart the program: it sets the file aside and makes a new one";
        case Errc::io:
            return "check the disk and the permissions of the data folder";
        case Errc::invalid:
        case Errc::malformed:
        case Errc::too_large:
        case Errc::unsupported:
        case Errc::not_found:
        case Errc::network:
        case Errc::refused:
        case Errc::unauthorized:
            break;
    }
    return "see the manual";
}

}  // namespace

Errc errc_of_sqlite(int extended_code, bool no_room) noexcept {
    switch (extended_code & 0xff) {
        case SQLITE_FULL:
            return Errc::full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return Errc::busy;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::corrupt;
        case SQLITE_IOERR:
            // The log's index is a file that only ever grows by what was just asked for; SQLite
            // keeps no errno of it (os_unix.c, unixShmMap).
            return no_room || extended_code == SQLITE_IOERR_SHMSIZE ? Errc::full : Errc::io;
        case SQLITE_CANTOPEN:
            return no_room ? Errc::full : Errc::io;
        default:
            return Errc::io;
    }
}

bool lacks_room(sqlite3* handle) noexcept {
    if (handle == nullptr) return false;
    for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
        sqlite3_file* file = nullptr;
        int last_errno = 0;
        if (sqlite3_file_control(handle, "main", which, &file) == SQLITE_OK && file != nullptr &&
            file->pMethods != nullptr &&
            file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &last_errno) == SQLITE_OK &&
            (last_errno == ENOSPC || last_errno == EDQUOT || last_errno == EFBIG)) {
            return true;
        }
    }
    return false;
}

bool lacks_room(const std::string& place, sqlite3* handle) {
    // Less than a page of the log's index: whatever failed just now would fail again for this.
    constexpr std::uint64_t kLeastBytes = std::uint64_t{32} * 1024;
    if (lacks_room(handle)) return true;
    const auto free = free_bytes(std::filesystem::path(place).parent_path());
    return free && *free < kLeastBytes;
}

Error error_of_sqlite(const std::string& place, int extended_code, bool no_room) {
    const Errc code = errc_of_sqlite(extended_code, no_room);
    return {code, place + ": " + sqlite3_errstr(extended_code) + " (SQLite " +
                      std::to_string(extended_code) + "); " + cure_of(code)};
}

}  // namespace kaiku::sync
