#include "sync/envelope.hpp"

#include <utility>

#include "survey/json_source.hpp"
#include "survey/wire.hpp"
#include "sync/protocol.hpp"

namespace kaiku::sync {

using Json = nlohmann::json;

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

Result<Json> open_message(std::string_view text, std::size_t max_bytes, const char* field,
                          const char* optional) {
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
    if (!has_only(root, {"protocol", field, optional == nullptr ? field : optional})) {
        return fail(Errc::invalid, std::string("message: only \"protocol\" and \"") + field +
                                       "\" are known in version 1");
    }
    return root;
}

Result<Json> open_envelope(std::string_view text, std::size_t max_bytes, const char* field) {
    auto root = open_message(text, max_bytes, field);
    if (!root) return root;
    return std::move((*root)[field]);
}

std::string seal_envelope(const char* field, Json value) {
    return dump(Json{{"protocol", kProtocolVersion}, {field, std::move(value)}});
}

}  // namespace kaiku::sync
