#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <new>
#include <string>
#include <utility>

#include "survey/result.hpp"

namespace kaiku::sync {

/// What a failed SQLite call means to us. `system_errno` tells a full disk or quota apart from
/// other write errors (0 when unknown).
Errc errc_of_sqlite(int extended_code, int system_errno) noexcept;

/// The operator's line for a failed SQLite call: `place`, SQLite's words for the code, the cure.
/// Built from codes alone, never from SQL or values.
Error error_of_sqlite(const std::string& place, int extended_code, int system_errno);

/// Runs `work`, which returns a Result, turning SQLiteCpp's exceptions into an Error.
template <class Work>
auto guarded(const std::string& place, sqlite3* handle, Work&& work) -> decltype(work()) {
    try {
        return std::forward<Work>(work)();
    } catch (const SQLite::Exception& failure) {
        const int code = failure.getExtendedErrorCode() > 0 ? failure.getExtendedErrorCode()
                                                            : failure.getErrorCode();
        return tl::make_unexpected(
            error_of_sqlite(place, code, handle ? sqlite3_system_errno(handle) : 0));
    } catch (const std::bad_alloc&) {
        return fail(Errc::io, place + ": out of memory");
    }
}

}  // namespace kaiku::sync
