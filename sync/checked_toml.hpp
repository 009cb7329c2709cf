#pragma once

/// toml++ 3.3, which takes for granted what a file may break: "[," makes it abort, or do anything
/// at all where assertions are off. Here such a file is an exception like any other. Every file of
/// the programs that reads TOML includes this, and none toml++ itself.
#include <toml++/impl/preprocessor.h>

#include <stdexcept>

namespace kaiku::sync {
/// Throws std::invalid_argument.
[[noreturn]] inline void refuse_toml() { throw std::invalid_argument("this is not TOML"); }
}  // namespace kaiku::sync

#undef TOML_ASSERT
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT(expression) ((expression) ? void(0) : ::kaiku::sync::refuse_toml())
#define TOML_ASSERT_ASSUME(expression) TOML_ASSERT(expression)

#include <toml++/toml.h>
