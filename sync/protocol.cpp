#include "sync/protocol.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "survey/json_source.hpp"
#include "survey/utf8.hpp"
#include "survey/wire.hpp"
#include "sync/envelope.hpp"
#include "sync/sealing.hpp"

namespace kaiku::sync {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxIdBytes = 64;
constexpr std::size_t kMaxReasonBytes = 200;
constexpr std::size_t kMaxReceiptBytes = std::size_t{1024} * 1024;

/// The id of a batch element, or nothing readable: then the receipt cannot name it.
std::string id_of(const Json& item) {
    if (!item.is_object()) return {};
    const auto id = item.find("id");
    if (id == item.end() || !id->is_string()) return {};
    const auto& text = id->get_ref<const std::string&>();
    return text.size() <= kMaxIdBytes ? text : std::string();
}

BatchItem item_of(Json&& item, std::size_t index) {
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
        out.sealed = std::move(item["sealed"].get_ref<std::string&>());
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

}  // namespace

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
    for (auto& item : *list) items.push_back(item_of(std::move(item), items.size()));
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

}  // namespace kaiku::sync
