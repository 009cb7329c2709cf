#include "central/keys/key_wire.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace kaiku::central {
namespace {

constexpr char kVersion = 1;

/// How an item came out; the numbers are the wire's.
enum class Outcome : std::uint8_t { plain = 0, another_key = 1, corrupt = 2, malformed = 3 };

Outcome outcome_of(const Error& error) {
    if (error.code == Errc::not_found) return Outcome::another_key;
    return error.code == Errc::corrupt ? Outcome::corrupt : Outcome::malformed;
}

Result<std::string> result_of(Outcome outcome, std::string_view text) {
    switch (outcome) {
        case Outcome::plain:
            return std::string(text);
        case Outcome::another_key:
            return fail(Errc::not_found, std::string(text));
        case Outcome::corrupt:
            return fail(Errc::corrupt, std::string(text));
        case Outcome::malformed:
            break;
    }
    return fail(Errc::malformed, std::string(text));
}

void put_number(std::string& out, std::size_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>((number >> shift) & 0xffU);
    }
}

/// Takes a frame apart from its beginning.
class Reader {
  public:
    explicit Reader(std::string_view rest) : rest_(rest) {}
    std::optional<std::string_view> bytes(std::size_t size) {
        if (rest_.size() < size) return std::nullopt;
        const auto out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    std::optional<std::uint8_t> byte() {
        const auto one = bytes(1);
        return one ? std::optional(static_cast<std::uint8_t>(one->front())) : std::nullopt;
    }
    std::optional<std::size_t> number() {
        const auto four = bytes(4);
        if (!four) return std::nullopt;
        std::size_t out = 0;
        for (unsigned place = 0; place < 4; ++place) {
            out |= std::size_t{static_cast<std::uint8_t>((*four)[place])} << (8 * place);
        }
        return out;
    }
    bool is_done() const { return rest_.empty(); }

  private:
    std::string_view rest_;
};

tl::unexpected<Error> wrong() {
    return fail(Errc::malformed, "keyholder: a message that version 1 does not know");
}

}  // namespace

void wipe(std::string& text) { sodium_memzero(text.data(), text.size()); }

std::string encode_key_request(KeyWish wish, std::span<const std::string_view> sealed) {
    std::string out{kVersion, static_cast<char>(wish)};
    put_number(out, sealed.size());
    for (const std::string_view each : sealed) {
        put_number(out, each.size());
        out += each;
    }
    return out;
}

Result<KeyRequest> decode_key_request(std::string_view frame) {
    Reader read(frame);
    const auto version = read.byte();
    const auto wish = read.byte();
    const auto count = read.number();
    if (version != kVersion || !wish || *wish < 1 || *wish > 3 || !count || *count > kMaxKeyItems) {
        return wrong();
    }
    KeyRequest out{static_cast<KeyWish>(*wish), {}};
    for (std::size_t item = 0; item < *count; ++item) {
        const auto size = read.number();
        const auto bytes = size ? read.bytes(*size) : std::nullopt;
        if (!bytes) return wrong();
        out.sealed.push_back(*bytes);
    }
    const bool right_count = out.wish == KeyWish::key    ? out.sealed.empty()
                             : out.wish == KeyWish::link ? out.sealed.size() == 1
                                                         : true;
    if (!read.is_done() || !right_count) return wrong();
    return out;
}

std::string encode_key_reply(const KeyReply& reply) {
    std::size_t size = 2 + sync::kKeyBytes + 4;
    for (const auto& each : reply.opened) {
        size += 5 + (each ? each->size() : each.error().detail.size());
    }
    std::string out;
    // One allocation, which the caller can zero.
    out.reserve(size);
    out += kVersion;
    out += '\0';
    out.append(reply.key.bytes.begin(), reply.key.bytes.end());
    put_number(out, reply.opened.size());
    for (const auto& each : reply.opened) {
        const std::string& text = each ? *each : each.error().detail;
        out += static_cast<char>(each ? Outcome::plain : outcome_of(each.error()));
        put_number(out, text.size());
        out += text;
    }
    return out;
}

Result<KeyReply> decode_key_reply(std::string_view frame) {
    Reader read(frame);
    const auto version = read.byte();
    const auto spare = read.byte();
    const auto key = read.bytes(sync::kKeyBytes);
    const auto count = read.number();
    if (version != kVersion || spare != 0 || !key || !count || *count > kMaxKeyItems) {
        return wrong();
    }
    KeyReply out;
    std::copy(key->begin(), key->end(), out.key.bytes.begin());
    for (std::size_t item = 0; item < *count; ++item) {
        const auto outcome = read.byte();
        const auto size = read.number();
        const auto bytes = size ? read.bytes(*size) : std::nullopt;
        if (!outcome || *outcome > 3 || !bytes) return wrong();
        out.opened.push_back(result_of(static_cast<Outcome>(*outcome), *bytes));
    }
    if (!read.is_done()) return wrong();
    return out;
}

}  // namespace kaiku::central
