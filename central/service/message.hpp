#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sync/headers.hpp"

namespace kaiku::central {

/// One HTTP request as the handlers see it: whole, within the limits, without any address.
struct Request {
    std::string method;         ///< "GET", "POST", … in capitals
    std::string path;           ///< without the query
    std::string content_type;   ///< as sent, may be empty
    std::string authorization;  ///< as sent, may be empty
    std::string body;
    std::string query{};            ///< after the question mark, undecoded
    std::string accept_language{};  ///< as sent, may be empty
    sync::Headers headers{};        ///< those that begin with "Kaiku-", and If-None-Match
    std::string host{};             ///< as sent, without port, in small letters
};

/// The answer to it. Every reply has a body.
struct Reply {
    int status = 200;
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  ///< Allow, Retry-After, …
    /// A constant of the program: which of its routes answered. Empty: none that it knows.
    std::string_view route{};
};

/// Takes the reply to one request. Called once, from any thread.
using Answer = std::function<void(Reply)>;

/// Answers requests; called from several threads at once; must not throw.
struct Handler {
    /// May wait for the store.
    std::function<Reply(const Request&)> handle;
    /// Never waits: true if the reply comes to `answer`, now or later; false if the request is one
    /// for handle(). May be missing.
    std::function<bool(const Request&, const Answer& answer)> answer_quickly{};
};

}  // namespace kaiku::central
