#include "central/service/problem.hpp"

#include <nlohmann/json.hpp>

namespace kaiku::central {

Reply json_reply(int status, std::string body) {
    return Reply{status, "application/json", std::move(body), {}};
}

Reply problem(int status, std::string_view title, std::string_view detail,
              std::string_view pointer) {
    const nlohmann::ordered_json document{{"type", "about:blank"},
                                          {"title", title},
                                          {"status", status},
                                          {"detail", detail},
                                          {"pointer", pointer}};
    using nlohmann::json;
    return Reply{status,
                 "application/problem+json",
                 document.dump(-1, ' ', false, json::error_handler_t::replace),
                 {}};
}

Reply problem_of(const Error& error) {
    std::string_view detail = error.detail;
    std::string_view pointer;
    const auto colon = detail.find(": ");
    if (detail.starts_with('/') && colon != std::string_view::npos) {
        pointer = detail.substr(0, colon);
        detail.remove_prefix(colon + 2);
    }
    switch (error.code) {
        case Errc::malformed:
            return problem(400, "Malformed body", detail, pointer);
        case Errc::too_large:
            return problem(413, "Body too large", detail, pointer);
        case Errc::unsupported:
            return problem(422, "Unknown version", detail, pointer);
        case Errc::invalid:
        case Errc::not_found:
        case Errc::io:
        case Errc::full:
        case Errc::busy:
        case Errc::corrupt:
        case Errc::network:
        case Errc::refused:
        case Errc::unauthorized:
            break;
    }
    return problem(422, "Invalid content", detail, pointer);
}

Reply too_many(std::chrono::seconds wait) {
    Reply reply = problem(429, "Too many requests", "ask again when Retry-After is over");
    reply.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    return reply;
}

Reply overloaded() {
    Reply reply =
        problem(503, "Too much at once", "nothing was stored by this request; send it again later");
    reply.headers.emplace_back("Retry-After", "2");
    return reply;
}

Reply unavailable() {
    Reply reply = problem(503, "Store unavailable",
                          "nothing was stored by this request; send it again later");
    reply.headers.emplace_back("Retry-After", "10");
    return reply;
}

}  // namespace kaiku::central
