#include "sync/keyring.hpp"

#include <sodium.h>

#include <algorithm>

#include "sync/files.hpp"
#include "sync/in_parallel.hpp"

namespace kaiku::sync {
namespace {

constexpr std::size_t kMaxLineBytes = 128;

Error damaged(const std::filesystem::path& path) {
    return {Errc::corrupt, path.string() +
                               ": is no key file, or is damaged; restore it from a backup, or move "
                               "it away and enrol the terminals again"};
}

Status write(const std::filesystem::path& path, const std::vector<KeyPair>& pairs) {
    std::string file;
    // No other allocation than this one, which is zeroed: none is left behind in freed memory.
    file.reserve(pairs.size() * kMaxLineBytes);
    for (const KeyPair& pair : pairs) {
        std::string line = pair.encode();
        file += line;
        sodium_memzero(line.data(), line.size());
    }
    Status written = write_private_file(path, file);
    sodium_memzero(file.data(), file.size());
    return written;
}

/// Every line of the file, or nothing if one is no key or two are the same.
std::vector<KeyPair> parse(std::string_view file) {
    std::vector<KeyPair> pairs;
    while (!file.empty()) {
        const auto end = file.find('\n');
        auto pair =
            end == std::string_view::npos ? std::nullopt : KeyPair::decode(file.substr(0, end + 1));
        if (!pair || pairs.size() == kMaxKeys) return {};
        const auto same = [&](const KeyPair& each) {
            return each.public_key() == pair->public_key();
        };
        if (std::any_of(pairs.begin(), pairs.end(), same)) return {};
        pairs.push_back(std::move(*pair));
        file.remove_prefix(end + 1);
    }
    return pairs;
}

}  // namespace

Keyring::Keyring(KeyPair pair) { pairs_.push_back(std::move(pair)); }

Result<Keyring> Keyring::load(const std::filesystem::path& path) {
    auto text = read_private_file(path, kMaxKeys * kMaxLineBytes);
    if (!text) return tl::make_unexpected(text.error());
    if (!*text) return fail(Errc::not_found, path.string() + ": there is no key file");
    // Devices seal to what is read here: a key that the next power cut takes away would take their
    // answers with it.
    if (auto settled = settle_name(path); !settled) return tl::make_unexpected(settled.error());
    std::string& file = **text;
    auto pairs = parse(file);
    sodium_memzero(file.data(), file.size());
    if (pairs.empty()) return tl::make_unexpected(damaged(path));
    return Keyring(std::move(pairs));
}

Result<Keyring> Keyring::load_or_make(const std::filesystem::path& path) {
    auto ring = load(path);
    if (ring || ring.error().code != Errc::not_found) return ring;
    auto pair = KeyPair::load_or_make(path);
    if (!pair) return tl::make_unexpected(pair.error());
    return Keyring(std::move(*pair));
}

std::vector<PublicKey> Keyring::keys() const {
    std::vector<PublicKey> keys;
    keys.reserve(pairs_.size());
    for (const KeyPair& pair : pairs_) keys.push_back(pair.public_key());
    return keys;
}

Status Keyring::rotate(const std::filesystem::path& path) {
    if (pairs_.size() == kMaxKeys) {
        return fail(Errc::refused, path.string() + ": holds " + std::to_string(kMaxKeys) +
                                       " keys already; retire former ones first");
    }
    auto pair = KeyPair::make();
    if (!pair) return tl::make_unexpected(pair.error());
    pairs_.insert(pairs_.begin(), std::move(*pair));
    Status written = write(path, pairs_);
    if (!written) pairs_.erase(pairs_.begin());
    return written;
}

Result<std::filesystem::path> Keyring::retire(const std::filesystem::path& path,
                                              std::string_view id) {
    const auto found = std::find_if(pairs_.begin(), pairs_.end(), [&](const KeyPair& each) {
        return key_id(each.public_key()) == id;
    });
    if (found == pairs_.end()) {
        return fail(Errc::not_found, path.string() + ": holds no key " + std::string(id));
    }
    if (found == pairs_.begin()) {
        return fail(Errc::refused, path.string() + ": " + std::string(id) +
                                       " is the key in use; make a new one first (key rotate)");
    }
    auto aside = path;
    aside += ".retired-" + std::string(id);
    std::vector<KeyPair> retired;
    retired.push_back(std::move(*found));
    if (Status kept = write(aside, retired); !kept) {
        *found = std::move(retired.front());
        return tl::make_unexpected(kept.error());
    }
    const auto place = pairs_.erase(found);
    if (Status written = write(path, pairs_); !written) {
        pairs_.insert(place, std::move(retired.front()));
        return tl::make_unexpected(written.error());
    }
    return aside;
}

Result<std::string> Keyring::open_answer(std::string_view sealed) const {
    auto answer = pairs_.front().open_answer(sealed);
    for (std::size_t next = 1;
         next < pairs_.size() && !answer && answer.error().code == Errc::not_found; ++next) {
        answer = pairs_[next].open_answer(sealed);
    }
    return answer;
}

std::vector<Result<std::string>> Keyring::open_answers(
    std::span<const std::string_view> sealed) const {
    constexpr std::size_t kWorthAThread = 32;  // about a millisecond of opening
    std::vector<Result<std::string>> opened(sealed.size(), std::string());
    in_parallel(sealed.size(), kWorthAThread, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) opened[i] = open_answer(sealed[i]);
    });
    return opened;
}

Result<std::string> Keyring::open(std::string_view sealed) const {
    auto opened = pairs_.front().open(sealed);
    for (std::size_t next = 1;
         next < pairs_.size() && !opened && opened.error().code == Errc::not_found; ++next) {
        opened = pairs_[next].open(sealed);
    }
    return opened;
}

}  // namespace kaiku::sync
