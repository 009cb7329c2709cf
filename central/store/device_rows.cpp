#include "central/store/device_rows.hpp"

namespace kaiku::central {
namespace {

constexpr const char* kColumns =
    "SELECT id, unit, public_key, enrolled_at, seen_at, revoked_at, replaced_by, number,"
    " number_signature FROM devices";

std::int64_t seconds_of(survey::UtcSeconds time) { return time.time_since_epoch().count(); }

survey::UtcSeconds time_of(const SQLite::Column& column) {
    return survey::UtcSeconds(std::chrono::seconds(column.getInt64()));
}

std::optional<survey::UtcSeconds> time_or_none(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional(time_of(column));
}

Device device_of(SQLite::Statement& row) {
    Device device;
    device.id = row.getColumn(0).getString();
    device.unit = row.getColumn(1).getString();
    device.public_key = row.getColumn(2).getString();
    device.enrolled_at = time_of(row.getColumn(3));
    device.seen_at = time_or_none(row.getColumn(4));
    device.revoked_at = time_or_none(row.getColumn(5));
    device.replaced_by = row.getColumn(6).getString();
    device.number = row.getColumn(7).getInt64();
    device.number_signature = row.getColumn(8).getString();
    return device;
}

Status device_missing(const std::string& id) {
    return fail(Errc::not_found, "device '" + id + "' does not exist");
}

}  // namespace

void insert_device(SQLite::Database& database, const Device& device) {
    SQLite::Statement insert(database,
                             "INSERT INTO devices (id, unit, public_key, enrolled_at, replaced_by,"
                             " number, number_signature) VALUES (?, ?, ?, ?, '', 0, '')"
                             " ON CONFLICT(id) DO NOTHING");
    insert.bind(1, device.id);
    insert.bind(2, device.unit);
    insert.bind(3, device.public_key);
    insert.bind(4, seconds_of(device.enrolled_at));
    insert.exec();
}

std::optional<Device> read_device(SQLite::Database& database, const std::string& id) {
    SQLite::Statement row(database, std::string(kColumns) + " WHERE id = ?");
    row.bind(1, id);
    if (!row.executeStep()) return std::nullopt;
    return device_of(row);
}

std::vector<Device> read_devices(SQLite::Database& database) {
    SQLite::Statement rows(database, std::string(kColumns) + " ORDER BY id");
    std::vector<Device> all;
    while (rows.executeStep()) all.push_back(device_of(rows));
    return all;
}

Status renew_device(SQLite::Database& database, const std::string& id,
                    const std::string& public_key, const MessageMark& mark) {
    const auto device = read_device(database, id);
    if (!device) return device_missing(id);
    if (!device->public_key.empty() && device->public_key != public_key) {
        return fail(Errc::refused, "the device has another key");
    }
    if (mark.number <= device->number) return fail(Errc::refused, "the number was used before");
    SQLite::Statement update(database, "UPDATE devices SET public_key = ? WHERE id = ?");
    update.bind(1, public_key);
    update.bind(2, id);
    update.exec();
    mark_message(database, mark);
    return {};
}

Status revoke_device(SQLite::Database& database, const std::string& id, survey::UtcSeconds when,
                     const std::string& replaced_by) {
    if (!read_device(database, id)) return device_missing(id);
    SQLite::Statement update(database,
                             "UPDATE devices SET revoked_at = IFNULL(revoked_at, ?), replaced_by ="
                             " CASE replaced_by WHEN '' THEN ? ELSE replaced_by END WHERE id = ?");
    update.bind(1, seconds_of(when));
    update.bind(2, replaced_by);
    update.bind(3, id);
    update.exec();
    return {};
}

void mark_message(SQLite::Database& database, const MessageMark& mark) {
    SQLite::Statement update(
        database,
        "UPDATE devices SET seen_at = MAX(IFNULL(seen_at, 0), ?2), number_signature ="
        " CASE WHEN number < ?3 THEN ?4 ELSE number_signature END, number = MAX(number, ?3)"
        " WHERE id = ?1");
    update.bind(1, mark.device_id);
    update.bind(2, seconds_of(mark.seen_at));
    update.bind(3, mark.number);
    update.bind(4, mark.signature);
    update.exec();
}

}  // namespace kaiku::central
