#include "sync/protocol.hpp"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "survey/json_source.hpp"
#include "survey/utf8.hpp"
#include "survey/wire.hpp"
#include "sync/sealing.hpp"

namespace kaiku::sync {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxIdBytes = 64;
constexpr std::size_t kMaxReasonBytes = 200;
constexpr std::size_t kMaxReceiptBytes = std::size_t{1024} * 1024;
constexpr std::size_t kMaxEnrolmentBytes = std::size_t{16} * 1024;
constexpr std::size_t kMaxFieldBytes = 512;

bool has_only(const Json& object, std::initializer_list<std::string_view> allowed) {
    for (const auto& item : object.items()) {
        bool known = false;
        for (const auto name : allowed) known = known || item.key() == name;
        if (!known) return false;
    }
    return true;
}

std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The checks that every message shares: size, UTF-8, depth, an object, a version we speak, and
/// exactly the fields "protocol" and `field`. Hands back the value of `field`.
Result<Json> open_envelope(std::string_view text, std::size_t max_bytes, const char* field) {
    if (text.size() > max_bytes) {
        return fail(Errc::too_large,
                    "message: at most " + std::to_string(max_bytes) + " bytes are allowed");
    }
    auto parsed = survey::parse_json(text, {max_bytes, survey::kMaxJsonDepth});
    if (!parsed) {
        const survey::JsonFault& fault = parsed.error();
        return fail(fault.code,
                    (fault.pointer == "/" ? "message:" : fault.pointer + ":") + (" " + fault.what));
    }
    Json root = std::move(*parsed);
    if (!root.is_object()) return fail(Errc::invalid, "message: must be an object");
    const auto version = root.find("protocol");
    if (version == root.end() || !version->is_number_integer()) {
        return fail(Errc::invalid, "/protocol: must be a whole number");
    }
    if (*version != kProtocolVersion) {
        return fail(Errc::unsupported, "/protocol: only version " +
                                           std::to_string(kProtocolVersion) + " is spoken here");
    }
    if (!root.contains(field)) return fail(Errc::invalid, std::string("/") + field + ": missing");
    if (!has_only(root, {"protocol", field})) {
        return fail(Errc::invalid, std::string("message: only \"protocol\" and \"") + field +
                                       "\" are known in version 1");
    }
    return std::move(root[field]);
}

std::string seal_envelope(const char* field, Json value) {
    return dump(Json{{"protocol", kProtocolVersion}, {field, std::move(value)}});
}

/// The id of a batch element, or nothing readable: then the receipt cannot name it.
std::string id_of(const Json& item) {
    if (!item.is_object()) return {};
    const auto id = item.find("id");
    if (id == item.end() || !id->is_string()) return {};
    const auto& text = id->get_ref<const std::string&>();
    return text.size() <= kMaxIdBytes ? text : std::string();
}

BatchItem item_of(const Json& item, std::size_t index) {
    BatchItem out{id_of(item), {}, {}};
    const std::string place = survey::pointer_to("/responses", index);
    survey::JsonChecker check;
    const bool sealed = item.is_object() && item.contains("sealed");
    const char* content = sealed ? "sealed" : "response";
    if (check.object(item, place, {"id", content}) && out.id.empty()) {
        check.complain(Errc::invalid, survey::pointer_to(place, "id"),
                       "must be a text of 1–" + std::to_string(kMaxIdBytes) + " bytes",
                       "send the response's own id");
    }
    if (const auto& fault = check.fault()) {
        out.fault = fault->pointer + ": " + fault->what + "; " + fault->cure;
    } else if (!sealed) {
        out.response = dump(item["response"]);
    } else if (item["sealed"].is_string()) {
        out.sealed = item["sealed"].get<std::string>();
    } else {
        out.fault = survey::pointer_to(place, "sealed") +
                    ": must be a text; send what sealing made, unchanged";
    }
    return out;
}

std::string cut_reason(std::string reason) {
    if (reason.size() <= kMaxReasonBytes) return reason;
    reason.resize(kMaxReasonBytes);
    while (!reason.empty() && !survey::is_valid_utf8(reason)) reason.pop_back();
    return reason;
}

Result<std::vector<std::string>> accepted_of(const Json& list) {
    if (!list.is_array()) return fail(Errc::invalid, "/receipt/accepted: must be a list");
    if (list.size() > kMaxBatchResponses) {
        return fail(Errc::too_large, "/receipt/accepted: names more ids than a batch can hold");
    }
    std::vector<std::string> out;
    out.reserve(list.size());
    for (const auto& id : list) {
        if (!id.is_string()) return fail(Errc::invalid, "/receipt/accepted: must hold ids");
        out.push_back(id.get<std::string>());
    }
    return out;
}

Result<std::vector<Refusal>> refused_of(const Json& list) {
    if (!list.is_array()) return fail(Errc::invalid, "/receipt/refused: must be a list");
    if (list.size() > kMaxBatchResponses) {
        return fail(Errc::too_large, "/receipt/refused: names more ids than a batch can hold");
    }
    std::vector<Refusal> out;
    out.reserve(list.size());
    for (const auto& item : list) {
        if (!item.is_object() || !has_only(item, {"id", "reason"}) || item.size() != 2 ||
            !item["id"].is_string() || !item["reason"].is_string()) {
            return fail(Errc::invalid, "/receipt/refused: must hold objects of id and reason");
        }
        out.push_back({item["id"].get<std::string>(), cut_reason(item["reason"])});
    }
    return out;
}

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

std::string encode_batch(const std::vector<OutboxEntry>& entries) {
    // The payloads are JSON already: they are copied, not parsed and written again.
    std::string out = "{\"protocol\":" + std::to_string(kProtocolVersion) + ",\"responses\":[";
    bool first = true;
    for (const auto& entry : entries) {
        if (!first) out += ',';
        first = false;
        out += "{\"id\":\"" + entry.id.text();
        if (is_sealed(entry.payload)) {
            out += "\",\"sealed\":\"" + entry.payload + "\"}";
        } else {
            out += "\",\"response\":" + entry.payload + "}";
        }
    }
    return out + "]}";
}

Result<std::vector<BatchItem>> decode_batch(std::string_view json_text) {
    auto list = open_envelope(json_text, kMaxBatchBytes, "responses");
    if (!list) return tl::make_unexpected(list.error());
    if (!list->is_array()) return fail(Errc::invalid, "/responses: must be a list");
    if (list->size() > kMaxBatchResponses) {
        return fail(Errc::too_large, "/responses: at most " + std::to_string(kMaxBatchResponses) +
                                         " responses in a batch");
    }
    std::vector<BatchItem> items;
    items.reserve(list->size());
    for (const auto& item : *list) items.push_back(item_of(item, items.size()));
    return items;
}

std::string encode_receipt(const Receipt& receipt) {
    Json refused = Json::array();
    for (const auto& refusal : receipt.refused) {
        refused.push_back({{"id", refusal.id}, {"reason", cut_reason(refusal.reason)}});
    }
    return seal_envelope("receipt",
                         {{"accepted", receipt.accepted}, {"refused", std::move(refused)}});
}

Result<Receipt> decode_receipt(std::string_view json_text) {
    auto body = open_envelope(json_text, kMaxReceiptBytes, "receipt");
    if (!body) return tl::make_unexpected(body.error());
    if (!body->is_object() || body->size() != 2 || !body->contains("accepted") ||
        !body->contains("refused")) {
        return fail(Errc::invalid, "/receipt: must hold exactly accepted and refused");
    }
    auto accepted = accepted_of((*body)["accepted"]);
    if (!accepted) return tl::make_unexpected(accepted.error());
    auto refused = refused_of((*body)["refused"]);
    if (!refused) return tl::make_unexpected(refused.error());
    return Receipt{std::move(*accepted), std::move(*refused)};
}

std::string encode_enrolment(std::string_view code) {
    return seal_envelope("code", std::string(code));
}

Result<std::string> decode_enrolment(std::string_view json_text) {
    auto code = open_envelope(json_text, kMaxEnrolmentBytes, "code");
    if (!code) return tl::make_unexpected(code.error());
    if (!code->is_string() || code->get_ref<const std::string&>().empty() ||
        code->get_ref<const std::string&>().size() > kMaxFieldBytes) {
        return fail(Errc::invalid, "/code: must be a text of 1 to 512 bytes");
    }
    return code->get<std::string>();
}

std::string encode_enrolled(const Enrolment& enrolment) {
    Json device{{"id", enrolment.device_id},
                {"credential", enrolment.credential},
                {"unit", enrolment.unit},
                {"unit_name_fi", enrolment.unit_name_fi},
                {"unit_name_sv", enrolment.unit_name_sv}};
    if (!enrolment.sealing_key.empty()) device["sealing_key"] = enrolment.sealing_key;
    if (!enrolment.web_url.empty()) device["web_url"] = enrolment.web_url;
    return seal_envelope("device", std::move(device));
}

Result<Enrolment> decode_enrolled(std::string_view json_text) {
    auto device = open_envelope(json_text, kMaxEnrolmentBytes, "device");
    if (!device) return tl::make_unexpected(device.error());
    if (!device->is_object() || !has_only(*device, {"id", "credential", "unit", "unit_name_fi",
                                                    "unit_name_sv", "web_url", "sealing_key"})) {
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
    if (has_web) {
        auto web_url = text_field(*device, "web_url", false);
        if (!web_url) return tl::make_unexpected(web_url.error());
        if (!is_web_address(*web_url)) return fail(Errc::invalid, "/device/web_url: is none");
        out.web_url = std::move(*web_url);
    }
    return out;
}

}  // namespace kaiku::sync
