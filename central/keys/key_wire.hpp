#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "survey/result.hpp"
#include "sync/sealing.hpp"

/// What serve and the keyholder say to each other over their socket (docs/formats/keyholder.md).
/// Pure: no sockets here.
namespace kaiku::central {

inline constexpr std::size_t kMaxKeyFrame = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kMaxKeyItems = 1024;

/// What is asked for; the numbers are the wire's.
enum class KeyWish : std::uint8_t { key = 1, answers = 2, link = 3 };

struct KeyRequest {
    KeyWish wish = KeyWish::key;
    std::vector<std::string_view> sealed;  ///< into the frame
};
struct KeyReply {
    sync::PublicKey key;  ///< to seal to now
    std::vector<Result<std::string>> opened;
};

/// Zeroes a text that was opened.
void wipe(std::string& text);

std::string encode_key_request(KeyWish wish, std::span<const std::string_view> sealed);
/// Errc::malformed for anything but encode_key_request()'s. Keep the frame alive.
Result<KeyRequest> decode_key_request(std::string_view frame);
std::string encode_key_reply(const KeyReply& reply);
Result<KeyReply> decode_key_reply(std::string_view frame);

}  // namespace kaiku::central
