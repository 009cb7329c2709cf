#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <new>
#include <string>
#include <utility>

#include "survey/result.hpp"

namespace kaiku::sync {

/// What a failed SQLite call means to us; `no_room` says that the disk or a quota is used up.
Errc errc_of_sqlite(int extended_code, bool no_room) noexcept;

/// Whether the last failed write to the database or its log was for want of room. SQLite itself
/// says SQLITE_FULL for ENOSPC only, not for a quota or a file size limit.
bool lacks_room(sqlite3* handle) noexcept;
/// The same, or the disk of the file `place` has no room for anything at this moment.
bool lacks_room(const std::string& place, sqlite3* handle);

/// The operator's line for a failed SQLite call: `place`, SQLite's words for the code, the cure.
/// Built from codes alone, never from SQL or values.
Error error_of_sqlite(const std::string& place, int extended_code, bool no_room);

/// Runs `work`, which returns a Result, turning SQLiteCpp's exceptions into an Error.
template <class Work>
auto guarded(const std::string& place, sqlite3* handle, Work&& work) -> decltype(work()) {
    try {
        return std::forward<Work>(work)();
    } catch (const SQLite::Exception& failure) {
        const int code = failure.getExtendedErrorCode() > 0 ? failure.getExtendedErrorCode()
                                                            : failure.getErrorCode();
        return tl::make_unexpected(error_of_sqlite(place, code, lacks_room(place, handle)));
    } catch (const std::bad_alloc&) {
        return fail(Errc::io, place + ": out of memory");
    }
}

}  // namespace kaiku::sync
