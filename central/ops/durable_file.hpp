#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "survey/result.hpp"

/// Files that are whole after a power cut, or not there.
namespace kaiku::central::ops {

/// Length and SHA-256 (hex) of a file's bytes.
struct Digest {
    std::int64_t bytes = 0;
    std::string sha256;
    friend bool operator==(const Digest&, const Digest&) = default;
};
Result<Digest> digest_of(const std::filesystem::path& file);

/// Copies `from` to a new file of mode 0600, durably; says what was copied. Nothing is left of
/// `to` on error.
Result<Digest> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
/// Makes the bytes of a file durable, then gives it its name, durably; replaces what has it.
Status finish(const std::filesystem::path& part, const std::filesystem::path& name);
/// A file of mode 0600 with these bytes, whole or not at all.
Status write_durably(const std::filesystem::path& file, std::string_view bytes);

/// SHA-256 of bytes, hex.
std::string sha256_hex(std::string_view bytes);

}  // namespace kaiku::central::ops
