#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "central/service/message.hpp"
#include "survey/result.hpp"

namespace kaiku::central {

/// A problem document (RFC 9457, application/problem+json). `detail` holds no answers; `pointer`
/// names the place in the body and may be empty.
Reply problem(int status, std::string_view title, std::string_view detail,
              std::string_view pointer = {});

/// The problem for a body that did not pass: 400 malformed, 413 too large, 422 otherwise. A detail
/// that starts with a JSON pointer ("/answers/nps: must be 0–10") is taken apart.
Reply problem_of(const Error& error);

/// 503 with Retry-After: the store did not take it, so nothing is acknowledged.
Reply unavailable();

/// 503 with Retry-After: more was read than is answered; this request was not looked at.
Reply overloaded();

/// 429 with Retry-After: this sender asks too often.
Reply too_many(std::chrono::seconds wait);

/// A JSON reply.
Reply json_reply(int status, std::string body);

}  // namespace kaiku::central
