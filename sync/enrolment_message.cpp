#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sync/envelope.hpp"
#include "sync/protocol.hpp"
#include "sync/sealing.hpp"

namespace kaiku::sync {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxEnrolmentBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxFieldBytes = 512;

Result<std::string> text_field(const Json& object, const char* field, bool may_be_empty) {
    const auto found = object.find(field);
    if (found == object.end() || !found->is_string()) {
        return fail(Errc::invalid, std::string("/device/") + field + ": must be a text");
    }
    const auto& text = found->get_ref<const std::string&>();
    if ((text.empty() && !may_be_empty) || text.size() > kMaxFieldBytes) {
        return fail(Errc::invalid, std::string("/device/") + field + ": must have 1 to " +
                                       std::to_string(kMaxFieldBytes) + " bytes");
    }
    return text;
}

Result<SignerKey> signer_field(const Json& value, const std::string& place) {
    const auto key = value.is_string() ? decode_signer(value.get_ref<const std::string&>())
                                       : Result<SignerKey>(fail(Errc::invalid, ""));
    if (!key) {
        return fail(Errc::invalid, place + ": must be an Ed25519 key, 52 letters and digits");
    }
    return key;
}

}  // namespace

bool is_web_address(std::string_view text) {
    const auto scheme = text.starts_with("https://")  ? std::string_view("https://")
                        : text.starts_with("http://") ? std::string_view("http://")
                                                      : std::string_view();
    if (scheme.empty() || text.size() > kMaxWebAddressBytes) return false;
    text.remove_prefix(scheme.size());
    const std::string_view host = text.substr(0, text.find(':'));
    if (scheme == "http://" && host != "127.0.0.1" && host != "localhost") return false;
    const bool plain = std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               (letter >= 'A' && letter <= 'Z') ||
               std::string_view(".-:").find(letter) != std::string_view::npos;
    });
    return plain && !host.empty();
}

std::string encode_enrolment(const Enrolling& enrolling) {
    Json root{{"protocol", kProtocolVersion}, {"code", enrolling.code}};
    if (enrolling.key) root["public_key"] = encode_signer(*enrolling.key);
    return dump(root);
}

Result<Enrolling> decode_enrolment(std::string_view json_text) {
    auto root = open_message(json_text, kMaxEnrolmentBytes, "code", "public_key");
    if (!root) return tl::make_unexpected(root.error());
    const Json& code = (*root)["code"];
    if (!code.is_string() || code.get_ref<const std::string&>().empty() ||
        code.get_ref<const std::string&>().size() > kMaxFieldBytes) {
        return fail(Errc::invalid, "/code: must be a text of 1 to 512 bytes");
    }
    Enrolling out{code.get<std::string>(), {}};
    if (root->contains("public_key")) {
        auto key = signer_field((*root)["public_key"], "/public_key");
        if (!key) return tl::make_unexpected(key.error());
        out.key = *key;
    }
    return out;
}

std::string encode_renewal(const Renewal& renewal) {
    return seal_envelope(
        "renewal", {{"device", renewal.device_id}, {"public_key", encode_signer(renewal.key)}});
}

Result<Renewal> decode_renewal(std::string_view json_text) {
    auto body = open_envelope(json_text, kMaxEnrolmentBytes, "renewal");
    if (!body) return tl::make_unexpected(body.error());
    if (!body->is_object() || !has_only(*body, {"device", "public_key"}) || body->size() != 2 ||
        !(*body)["device"].is_string() ||
        (*body)["device"].get_ref<const std::string&>().size() > kMaxFieldBytes) {
        return fail(Errc::invalid, "/renewal: must hold exactly device and public_key");
    }
    auto key = signer_field((*body)["public_key"], "/renewal/public_key");
    if (!key) return tl::make_unexpected(key.error());
    return Renewal{(*body)["device"].get<std::string>(), *key};
}

std::string encode_enrolled(const Enrolment& enrolment) {
    Json device{{"id", enrolment.device_id},
                {"credential", enrolment.credential},
                {"unit", enrolment.unit},
                {"unit_name_fi", enrolment.unit_name_fi},
                {"unit_name_sv", enrolment.unit_name_sv}};
    if (!enrolment.sealing_key.empty()) device["sealing_key"] = enrolment.sealing_key;
    if (!enrolment.web_url.empty()) device["web_url"] = enrolment.web_url;
    if (!enrolment.signing_key.empty()) device["signing_key"] = enrolment.signing_key;
    return seal_envelope("device", std::move(device));
}

Result<Enrolment> decode_enrolled(std::string_view json_text) {
    auto device = open_envelope(json_text, kMaxEnrolmentBytes, "device");
    if (!device) return tl::make_unexpected(device.error());
    if (!device->is_object() ||
        !has_only(*device, {"id", "credential", "unit", "unit_name_fi", "unit_name_sv", "web_url",
                            "sealing_key", "signing_key"})) {
        return fail(Errc::invalid, "/device: holds something that version 1 does not know");
    }
    Enrolment out;
    const std::pair<const char*, std::string*> fields[] = {{"id", &out.device_id},
                                                           {"credential", &out.credential},
                                                           {"unit", &out.unit},
                                                           {"unit_name_fi", &out.unit_name_fi},
                                                           {"unit_name_sv", &out.unit_name_sv}};
    for (const auto& [name, target] : fields) {
        const bool is_name = target == &out.unit_name_fi || target == &out.unit_name_sv;
        auto text = text_field(*device, name, is_name);
        if (!text) return tl::make_unexpected(text.error());
        *target = std::move(*text);
    }
    const bool has_web = device->contains("web_url");
    if (has_web && !device->contains("sealing_key")) {
        return fail(Errc::invalid, "/device: web_url needs a sealing_key");
    }
    if (device->contains("sealing_key")) {
        auto key = text_field(*device, "sealing_key", false);
        if (!key) return tl::make_unexpected(key.error());
        if (!decode_key(*key)) return fail(Errc::invalid, "/device/sealing_key: is none");
        out.sealing_key = std::move(*key);
    }
    if (device->contains("signing_key")) {
        auto key = text_field(*device, "signing_key", false);
        if (!key) return tl::make_unexpected(key.error());
        if (!decode_signer(*key)) return fail(Errc::invalid, "/device/signing_key: is none");
        out.signing_key = std::move(*key);
    }
    if (has_web) {
        auto web_url = text_field(*device, "web_url", false);
        if (!web_url) return tl::make_unexpected(web_url.error());
        if (!is_web_address(*web_url)) return fail(Errc::invalid, "/device/web_url: is none");
        out.web_url = std::move(*web_url);
    }
    return out;
}

}  // namespace kaiku::sync
