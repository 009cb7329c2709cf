#pragma once

#include <optional>

#include "central/service/problem.hpp"

/// Replies that several handlers of the service give.
namespace kaiku::central {

/// The checks every POST shares; nothing if the body may be read.
std::optional<Reply> refuse_body(const Request& request, std::size_t max_bytes);
/// 401: the credential is missing or not known here.
Reply unauthorized();

}  // namespace kaiku::central
