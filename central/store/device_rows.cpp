#include "central/store/device_rows.hpp"

#include <algorithm>

namespace kaiku::central {
namespace {

std::optional<survey::UtcSeconds> time_or_none(const sql::Row& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(time_of(row.integer(column)));
}

Device device_of(const sql::Row& row) {
    Device device;
    device.id = row.text(0);
    device.unit = row.text(1);
    device.public_key = row.text(2);
    device.enrolled_at = time_of(row.integer(3));
    device.seen_at = time_or_none(row, 4);
    device.revoked_at = time_or_none(row, 5);
    device.replaced_by = row.text(6);
    device.number = row.integer(7);
    device.number_signature = row.text(8);
    return device;
}

Status device_missing(const std::string& id) {
    return fail(Errc::not_found, "device '" + id + "' does not exist");
}

}  // namespace

void insert_device(Scope scope, const Device& device) {
    scope.db.execute(
        "INSERT INTO devices (organiser, id, unit, public_key, enrolled_at, replaced_by, number,"
        " number_signature) VALUES ($1, $2, $3, $4, $5, '', 0, '') ON CONFLICT DO NOTHING",
        {scope.organiser, device.id, device.unit, device.public_key,
         seconds_of(device.enrolled_at)});
}

std::optional<Device> read_device(Scope scope, const std::string& id) {
    return scope.db.first(
        "SELECT id, unit, public_key, enrolled_at, seen_at, revoked_at, replaced_by, number,"
        " number_signature FROM devices WHERE organiser = $1 AND id = $2",
        {scope.organiser, id}, device_of);
}

std::vector<Device> read_devices(Scope scope) {
    auto all = scope.db.all(
        "SELECT id, unit, public_key, enrolled_at, seen_at, revoked_at, replaced_by, number,"
        " number_signature FROM devices WHERE organiser = $1",
        {scope.organiser}, device_of);
    std::sort(all.begin(), all.end(), [](const Device& a, const Device& b) { return a.id < b.id; });
    return all;
}

Status renew_device(Scope scope, const std::string& id, const std::string& public_key,
                    const MessageMark& mark) {
    const auto device = read_device(scope, id);
    if (!device) return device_missing(id);
    if (!device->public_key.empty() && device->public_key != public_key) {
        return fail(Errc::refused, "the device has another key");
    }
    // The number is asked for again by the change itself: two processes may renew at once.
    const auto renewed = scope.db.execute(
        "UPDATE devices SET public_key = $3 WHERE organiser = $1 AND id = $2 AND number < $4"
        " AND (public_key = '' OR public_key = $3)",
        {scope.organiser, id, public_key, mark.number});
    if (renewed == 0) return fail(Errc::refused, "the number was used before");
    mark_message(scope, mark);
    return {};
}

Status revoke_device(Scope scope, const std::string& id, survey::UtcSeconds when,
                     const std::string& replaced_by) {
    const auto revoked = scope.db.execute(
        "UPDATE devices SET revoked_at = COALESCE(revoked_at, $3), replaced_by ="
        " CASE replaced_by WHEN '' THEN $4 ELSE replaced_by END"
        " WHERE organiser = $1 AND id = $2",
        {scope.organiser, id, seconds_of(when), replaced_by});
    return revoked == 0 ? device_missing(id) : Status();
}

void mark_message(Scope scope, const MessageMark& mark) {
    scope.db.execute(
        "UPDATE devices SET"
        " seen_at = CASE WHEN seen_at > $3 THEN seen_at ELSE $3 END,"
        " number_signature = CASE WHEN number < $4 THEN $5 ELSE number_signature END,"
        " number = CASE WHEN number < $4 THEN $4 ELSE number END"
        " WHERE organiser = $1 AND id = $2",
        {scope.organiser, mark.device_id, seconds_of(mark.seen_at), mark.number, mark.signature});
}

}  // namespace kaiku::central
