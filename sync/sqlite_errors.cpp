#include "sync/sqlite_errors.hpp"

#include <cerrno>

namespace kaiku::sync {
namespace {

const char* cure_of(Errc code) noexcept {
    switch (code) {
        case Errc::full:
            return "free some space on this disk";
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

Error error_of_sqlite(const std::string& place, int extended_code, bool no_room) {
    const Errc code = errc_of_sqlite(extended_code, no_room);
    return {code, place + ": " + sqlite3_errstr(extended_code) + " (SQLite " +
                      std::to_string(extended_code) + "); " + cure_of(code)};
}

}  // namespace kaiku::sync
