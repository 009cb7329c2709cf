#pragma once

#include <functional>
#include <span>
#include <vector>

#include "central/store/scope.hpp"
#include "central/store/store.hpp"

/// Responses as rows. May throw sql::Trouble.
namespace kaiku::central {

/// Inserts those that are not there yet, and the contact wishes of these; outcomes are in the
/// submissions' order.
std::vector<Stored> insert_responses(Scope scope, std::span<const Submission> submissions);
bool has_response(Scope scope, const survey::ResponseId& id);

/// Every selected response by hour, then id; `visit` returns false to stop. Errc::corrupt if a
/// value is not one we write.
Status visit_responses(Scope scope, const Selection& selection,
                       const std::function<bool(const survey::Response&)>& visit);

}  // namespace kaiku::central
