#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "survey/result.hpp"

namespace kaiku::sync {

/// The error of a failed system call on `path`: Errc::full for a full disk or quota, else Errc::io.
Error error_of_errno(const std::filesystem::path& path, int system_errno);

/// What a program without special rights may still write to the disk of `path`; nothing when the
/// disk does not tell.
std::optional<std::uint64_t> free_bytes(const std::filesystem::path& path) noexcept;

/// Holds `bytes` of the disk for later, in a file of mode 0600 that is really written. Nothing
/// changes if it holds them already.
Status hold_room(const std::filesystem::path& path, std::uint64_t bytes);
/// Gives that room back; false if none was held.
bool give_room(const std::filesystem::path& path) noexcept;

/// Makes `directory` with mode 0700, and its parents, unless it is there already.
Status make_private_directory(const std::filesystem::path& directory);

/// Makes names that were added to or taken from `directory` durable.
Status sync_directory(const std::filesystem::path& directory);

/// Makes sure that the file that `path` names now is the one after a power cut too. A replacement
/// may have failed in its very last step: then the new file is there to be read, and gone later.
/// Whoever acts on what he read, and could not take it back, calls this first. Success where this
/// user cannot have written: in a folder closed to him, on a disk that takes no writes.
Status settle_name(const std::filesystem::path& path);

/// Makes an empty file with mode 0600, durably, or takes away from an existing one what others may
/// do with it.
Status make_private_file(const std::filesystem::path& path);

/// The bytes of a file that nobody else may read or change, at most `max_bytes` and one more;
/// nothing when there is no file. Errc::invalid when others may read or change it, Errc::corrupt
/// when it is no regular file; both name the cure.
Result<std::optional<std::string>> read_private_file(const std::filesystem::path& path,
                                                     std::size_t max_bytes);

/// Replaces `path` by a file of mode 0600 with `bytes`: after a power cut either the old or the new
/// content is there, whole. The old file is unchanged on error.
Status write_private_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace kaiku::sync
