#include "sync/salvage.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "survey/wire.hpp"
#include "sync/files.hpp"
#include "sync/sealing.hpp"
#include "sync/sqlite_schema.hpp"

namespace kaiku::sync {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30U;
constexpr std::size_t kFirstHeaderBytes = 100;  // of the file, on its first page
constexpr std::size_t kWalHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::uint8_t kIndexLeaf = 0x0a;
constexpr std::uint8_t kIndexInterior = 0x02;
constexpr std::uint64_t kIdSerial = 12 + 2 * 16;  // a blob of 16 bytes

Result<std::string> read_whole(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return fail(Errc::not_found, path.string() + ": " + error.message());
    if (size > kMaxFileBytes) return fail(Errc::too_large, path.string() + ": over 1 GiB");
    std::ifstream in(path, std::ios::binary);
    std::string bytes(size, '\0');
    if (!in.read(bytes.data(), static_cast<std::streamsize>(size))) {
        return fail(Errc::io, path.string() + ": cannot be read");
    }
    return bytes;
}

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto byte = at + i < bytes.size() ? static_cast<std::uint8_t>(bytes[at + i]) : 0U;
        value = (value << 8U) | byte;
    }
    return value;
}

/// SQLite's variable-length number at `at`, which moves behind it; nothing beyond the bytes.
std::optional<std::uint64_t> varint(std::string_view bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int place = 0; place < 9; ++place) {
        if (at >= bytes.size()) return std::nullopt;
        const auto byte = static_cast<std::uint8_t>(bytes[at++]);
        if (place == 8) return (value << 8U) | byte;
        value = (value << 7U) | (byte & 0x7fU);
        if ((byte & 0x80U) == 0) return value;
    }
    return std::nullopt;
}

/// The file's pages, each in its newest form that was committed.
class Pages {
  public:
    Pages(std::string file, std::string wal) : file_(std::move(file)), wal_(std::move(wal)) {
        const std::uint64_t stated =
            big_endian(file_, 16, 2) == 1 ? 65536 : big_endian(file_, 16, 2);
        const bool sound = std::has_single_bit(stated) && stated >= 512;
        size_ = sound ? stated : static_cast<std::uint64_t>(kOutboxPageBytes);
        const auto wal_size = big_endian(wal_, 8, 4);
        if (!sound && std::has_single_bit(wal_size) && wal_size >= 512) size_ = wal_size;
        const std::uint64_t reserved = sound ? big_endian(file_, 20, 1) : 0;
        usable_ = size_ - (reserved < size_ / 4 ? reserved : 0);
        overlay();
    }

    std::size_t count() const { return std::max(file_.size() / size_, last_in_wal_); }
    std::size_t usable() const { return usable_; }
    /// Page `number`, from 1; empty beyond the end.
    std::string_view page(std::size_t number) const {
        if (const auto newer = newer_.find(number); newer != newer_.end()) return newer->second;
        const std::size_t at = (number - 1) * size_;
        if (number == 0 || at + size_ > file_.size()) return {};
        return std::string_view(file_).substr(at, size_);
    }

  private:
    /// Frames of the log's present round, up to its last commit.
    void overlay() {
        if (wal_.size() < kWalHeaderBytes || (big_endian(wal_, 0, 4) & ~1ULL) != 0x377f0682) return;
        const auto salts = big_endian(wal_, 16, 8);
        std::map<std::size_t, std::string_view> pending;
        const std::size_t step = kFrameHeaderBytes + size_;
        for (std::size_t at = kWalHeaderBytes; at + step <= wal_.size(); at += step) {
            if (big_endian(wal_, at + 8, 8) != salts) break;
            pending[big_endian(wal_, at, 4)] =
                std::string_view(wal_).substr(at + kFrameHeaderBytes, size_);
            if (big_endian(wal_, at + 4, 4) == 0) continue;  // no commit yet
            for (const auto& [number, bytes] : pending) {
                newer_[number] = bytes;
                last_in_wal_ = std::max(last_in_wal_, number);
            }
            pending.clear();
        }
    }

    std::string file_, wal_;
    std::size_t size_ = 0;
    std::size_t usable_ = 0;
    std::size_t last_in_wal_ = 0;
    std::map<std::size_t, std::string_view> newer_;
};

/// The whole record of the cell at `at`, with what overflowed; empty when it is not all there.
std::string record_at(const Pages& pages, std::string_view page, std::size_t at) {
    const auto length = varint(page, at);
    constexpr std::size_t kMostBytes = kMaxEntryBytes + std::size_t{32} * 1024;
    if (!length || *length == 0 || *length > kMostBytes) return {};
    const std::size_t usable = pages.usable();
    const std::size_t most = (usable - 12) * 64 / 255 - 23;
    const std::size_t least = (usable - 12) * 32 / 255 - 23;
    std::size_t local = *length;
    if (local > most) {
        local = least + (*length - least) % (usable - 4);
        if (local > most) local = least;
    }
    if (at + local > page.size()) return {};
    std::string record(page.substr(at, local));
    std::uint64_t next = local < *length ? big_endian(page, at + local, 4) : 0;
    while (record.size() < *length) {
        const std::string_view more = next == 0 ? std::string_view() : pages.page(next);
        if (more.empty()) return {};
        record += more.substr(4, std::min(usable - 4, *length - record.size()));
        next = big_endian(more, 0, 4);
    }
    return record;
}

/// Bytes of a value by its serial type.
std::size_t bytes_of(std::uint64_t serial) {
    constexpr std::array<std::size_t, 12> kFixed{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return serial < kFixed.size() ? kFixed.at(serial) : static_cast<std::size_t>((serial - 12) / 2);
}

struct Fields {
    std::vector<std::string_view> values;
    std::vector<std::uint64_t> serials;
};

/// The record's first fields; as many as are whole, four at most.
Fields fields_of(std::string_view record) {
    std::size_t at = 0;
    const auto header = varint(record, at);
    Fields out;
    if (!header || *header > record.size()) return out;
    while (at < *header && out.serials.size() < 4) {
        const auto serial = varint(record, at);
        if (!serial) break;
        out.serials.push_back(*serial);
    }
    std::size_t value = *header;
    for (const std::uint64_t serial : out.serials) {
        const std::size_t length = bytes_of(serial);
        if (value + length > record.size()) break;
        out.values.push_back(record.substr(value, length));
        value += length;
    }
    return out;
}

bool is_random_uuid(std::string_view bytes) {
    return (static_cast<std::uint8_t>(bytes[6]) >> 4U) == 4 &&
           (static_cast<std::uint8_t>(bytes[8]) >> 6U) == 2;
}

/// Of exactly 16 bytes.
survey::ResponseId id_of(std::string_view bytes) {
    std::array<std::uint8_t, 16> raw{};
    std::memcpy(raw.data(), bytes.data(), raw.size());
    return survey::ResponseId::from_random(raw);
}

bool is_base64(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    });
}

/// A sealed answer is base 64 throughout: a page of other bytes in its middle shows.
bool is_payload(std::string_view text) {
    if (is_sealed(text)) return is_base64(text);
    return survey::decode_response(text).has_value();
}

class Salvage {
  public:
    explicit Salvage(const Pages& pages) : pages_(pages) {
        for (std::size_t number = 1; number <= pages.count(); ++number) read_page(number);
    }
    Salvaged take() && {
        Salvaged out;
        out.broken = broken_.size();
        for (auto& [id, entry] : found_) out.entries.push_back(std::move(entry));
        return out;
    }

  private:
    void read_page(std::size_t number) {
        const std::string_view page = pages_.page(number);
        const std::size_t start = number == 1 ? kFirstHeaderBytes : 0;
        if (page.size() < start + 12) return;
        const auto type = static_cast<std::uint8_t>(page[start]);
        if (type != kIndexLeaf && type != kIndexInterior) return;
        const std::size_t header = type == kIndexInterior ? 12 : 8;
        const std::size_t cells = big_endian(page, start + 3, 2);
        if (start + header + 2 * cells > page.size()) return;
        for (std::size_t cell = 0; cell < cells; ++cell) {
            const std::size_t at = big_endian(page, start + header + 2 * cell, 2);
            read_cell(page, at + (type == kIndexInterior ? 4 : 0));
        }
    }

    void read_cell(std::string_view page, std::size_t at) {
        if (at >= page.size()) return;
        const std::string record = record_at(pages_, page, at);
        const Fields fields = fields_of(record.empty() ? page.substr(at) : record);
        const bool is_row = !fields.serials.empty() && fields.serials.front() == kIdSerial &&
                            !fields.values.empty() && is_random_uuid(fields.values.front());
        if (!is_row && !record.empty()) return;
        if (record.empty()) return lost(page, at);
        const std::string_view bytes = fields.values.front();
        const auto id = id_of(bytes);
        // Version 1 has no shield before the payload.
        for (std::size_t column = 1; column < std::min<std::size_t>(3, fields.values.size());
             ++column) {
            if (!is_payload(fields.values[column])) continue;
            found_.try_emplace(id, OutboxEntry{id, std::string(fields.values[column])});
            broken_.erase(id.text());
            return;
        }
        if (!found_.contains(id)) broken_.insert(id.text());
    }

    /// A row whose overflow is gone still tells its id.
    void lost(std::string_view page, std::size_t at) {
        const auto length = varint(page, at);
        const Fields fields = fields_of(page.substr(std::min(at, page.size())));
        if (!length || fields.values.empty() || fields.serials.front() != kIdSerial) return;
        if (!is_random_uuid(fields.values.front())) return;
        const auto id = id_of(fields.values.front());
        if (!found_.contains(id)) broken_.insert(id.text());
    }

    const Pages& pages_;
    std::map<survey::ResponseId, OutboxEntry> found_;
    std::set<std::string> broken_;
};

}  // namespace

Result<Salvaged> salvage_outbox(const std::filesystem::path& file) {
    auto bytes = read_whole(file);
    if (!bytes) return tl::make_unexpected(bytes.error());
    std::string wal;
    const std::filesystem::path beside = file.string() + "-wal";
    std::error_code ignored;
    if (std::filesystem::exists(beside, ignored)) {
        auto log = read_whole(beside);
        if (!log) return tl::make_unexpected(log.error());
        wal = std::move(*log);
    }
    const Pages pages(std::move(*bytes), std::move(wal));
    return Salvage(pages).take();
}

}  // namespace kaiku::sync
