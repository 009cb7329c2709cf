#include "sync/device_identity.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "survey/wire.hpp"
#include "sync/files.hpp"

namespace kaiku::sync {
namespace {

using Json = nlohmann::json;

constexpr int kIdentityFormat = 1;
constexpr std::string_view kEnrolAgain =
    "; enrol the device again (kaiku-kiosk --enroll CODE --central URL)";
constexpr std::size_t kMaxIdentityBytes = std::size_t{16} * 1024;

std::filesystem::path identity_path(const std::filesystem::path& data_dir) {
    return data_dir / "device.json";
}

Error damaged(const std::filesystem::path& path, const std::string& what) {
    return {Errc::corrupt, path.string() + ": " + what + std::string(kEnrolAgain)};
}

std::optional<DeviceIdentity> parse_identity(const Json& root) {
    DeviceIdentity out;
    const std::array<std::pair<const char*, std::string*>, 6> fields{{
        {"central_url", &out.central_url},
        {"device_id", &out.enrolment.device_id},
        {"credential", &out.enrolment.credential},
        {"unit", &out.enrolment.unit},
        {"unit_name_fi", &out.enrolment.unit_name_fi},
        {"unit_name_sv", &out.enrolment.unit_name_sv},
    }};
    for (const auto& [name, target] : fields) {
        const auto found = root.find(name);
        if (found == root.end() || !found->is_string()) return std::nullopt;
        *target = found->get<std::string>();
    }
    // A web address only where central offers a web survey; older files may have neither.
    for (const auto& [name, target] : {std::pair{"web_url", &out.enrolment.web_url},
                                       std::pair{"sealing_key", &out.enrolment.sealing_key},
                                       std::pair{"signing_key", &out.enrolment.signing_key}}) {
        const auto found = root.find(name);
        if (found == root.end()) continue;
        if (!found->is_string()) return std::nullopt;
        *target = found->get<std::string>();
    }
    if (!out.enrolment.web_url.empty() && out.enrolment.sealing_key.empty()) return std::nullopt;
    if (const auto former = root.find("former_sealing_keys"); former != root.end()) {
        if (!former->is_array() || former->size() > kMaxFormerKeys) return std::nullopt;
        for (const Json& key : *former) {
            if (!key.is_string()) return std::nullopt;
            out.enrolment.former_keys.push_back(key.get<std::string>());
        }
    }
    const bool whole = !out.central_url.empty() && !out.enrolment.device_id.empty() &&
                       !out.enrolment.credential.empty() && !out.enrolment.unit.empty();
    return whole ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

Result<std::optional<DeviceIdentity>> load_identity(const std::filesystem::path& data_dir) {
    const auto path = identity_path(data_dir);
    auto bytes = read_private_file(path, kMaxIdentityBytes);
    if (!bytes) {
        Error error = bytes.error();
        if (error.code != Errc::io) error.detail += kEnrolAgain;
        return tl::make_unexpected(std::move(error));
    }
    if (!*bytes) return std::optional<DeviceIdentity>();
    const std::string& text = **bytes;
    if (text.size() > kMaxIdentityBytes || !survey::is_safe_json(text)) {
        return tl::make_unexpected(damaged(path, "is damaged"));
    }
    const Json root = Json::parse(text, nullptr, false);
    if (!root.is_object()) return tl::make_unexpected(damaged(path, "is damaged (not JSON)"));
    const auto format = root.find("format");
    if (format == root.end() || !format->is_number_integer()) {
        return tl::make_unexpected(damaged(path, "is damaged (no format number)"));
    }
    if (*format != kIdentityFormat) {
        return fail(Errc::unsupported, path.string() + ": was written by a newer program; " +
                                           "install that program again, or enrol the device again");
    }
    auto identity = parse_identity(root);
    if (!identity) return tl::make_unexpected(damaged(path, "is damaged (a field is missing)"));
    return identity;
}

Status save_identity(const std::filesystem::path& data_dir, const DeviceIdentity& identity) {
    const auto& enrolment = identity.enrolment;
    Json root{{"format", kIdentityFormat},
              {"central_url", identity.central_url},
              {"device_id", enrolment.device_id},
              {"credential", enrolment.credential},
              {"unit", enrolment.unit},
              {"unit_name_fi", enrolment.unit_name_fi},
              {"unit_name_sv", enrolment.unit_name_sv}};
    if (!enrolment.sealing_key.empty()) root["sealing_key"] = enrolment.sealing_key;
    if (!enrolment.signing_key.empty()) root["signing_key"] = enrolment.signing_key;
    if (!enrolment.web_url.empty()) root["web_url"] = enrolment.web_url;
    if (!enrolment.former_keys.empty()) root["former_sealing_keys"] = enrolment.former_keys;
    if (auto made = make_private_directory(data_dir); !made) return made;
    return write_private_file(identity_path(data_dir),
                              root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Result<std::shared_ptr<const SigningKey>> device_key(const std::filesystem::path& data_dir) {
    if (auto made = make_private_directory(data_dir); !made) {
        return tl::make_unexpected(made.error());
    }
    auto key = SigningKey::load_or_make(data_dir / "signing.key");
    if (!key) return tl::make_unexpected(key.error());
    return std::make_shared<const SigningKey>(std::move(*key));
}

Result<Sender> make_sender(const std::filesystem::path& data_dir, const DeviceIdentity& identity,
                           Milliseconds now) {
    auto key = device_key(data_dir);
    if (!key) return tl::make_unexpected(key.error());
    return Sender(identity.enrolment, std::move(*key), std::move(now),
                  [data_dir, url = identity.central_url](const Enrolment& renewed) {
                      return save_identity(data_dir, {url, renewed});
                  });
}

Result<Enrolment> enrol(Uplink& uplink, const std::string& code, const SignerKey& key) {
    auto reply = uplink.post({"/v1/enroll", "", encode_enrolment({code, key})});
    if (!reply) return tl::make_unexpected(reply.error());
    switch (reply->status) {
        case 200:
        case 201: {
            auto enrolment = decode_enrolled(reply->body);
            if (enrolment) return enrolment;
            return fail(Errc::network, "the answer does not come from Kaiku's central (" +
                                           enrolment.error().detail + "); check its address");
        }
        case 401:
        case 403:
        case 404:
        case 410:
            return fail(Errc::unauthorized,
                        "central does not accept the code: unknown, used or out of date; "
                        "make a new one with kaiku-central enroll");
        case 400:
        case 413:
        case 422:
            return fail(Errc::refused, "central does not understand the enrolment (status " +
                                           std::to_string(reply->status) + "); check the code");
        default:
            return fail(Errc::network, "central answered with status " +
                                           std::to_string(reply->status) +
                                           "; check its address and try again later");
    }
}

}  // namespace kaiku::sync
