#pragma once

#include <span>

#include "central/sql/connection.hpp"

namespace kaiku::central {

/// What brings a database of one version to the next. In the texts "{end}" and "{uuid}" stand for
/// what each engine calls them: tables without row ids, and random ids in 16 bytes.
struct SchemaStep {
    const char* before_on_sqlite = nullptr;  ///< only there, first; or nothing
    const char* both = nullptr;              ///< or nothing
    const char* after_on_sqlite = nullptr;   ///< only there, last; or nothing
    /// What SQL alone cannot do, last of all; or nothing.
    void (*fill)(sql::Connection&) = nullptr;
};

/// Step n brings version n to n + 1. Steps are only ever added, and never drop data.
std::span<const SchemaStep> schema_steps();

}  // namespace kaiku::central
