#include "central/service/service_replies.hpp"

#include <cctype>

namespace kaiku::central {
namespace {

bool is_json(std::string_view content_type) {
    constexpr std::string_view kJson = "application/json";
    if (content_type.size() < kJson.size()) {
        return false;
    }
    for (std::size_t index = 0; index < kJson.size(); ++index) {
        const auto letter = static_cast<unsigned char>(content_type[index]);
        if (std::tolower(letter) != kJson[index]) {
            return false;
        }
    }
    return content_type.size() == kJson.size() || content_type[kJson.size()] == ';' ||
           content_type[kJson.size()] == ' ';
}

}  // namespace

std::optional<Reply> refuse_body(const Request& request, std::size_t max_bytes) {
    if (!is_json(request.content_type)) {
        return problem(415, "Not JSON", "send the body as application/json");
    }
    if (request.body.size() > max_bytes) {
        return problem(413, "Body too large",
                       "at most " + std::to_string(max_bytes) + " bytes are read here");
    }
    return std::nullopt;
}

Reply unauthorized() {
    Reply reply = problem(401, "Not authorised", "the credential is missing or not known here");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
}

}  // namespace kaiku::central
