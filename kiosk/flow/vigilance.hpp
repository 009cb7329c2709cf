#pragma once

#include "kiosk/flow/flow.hpp"

/// What the flow notices for the misuse rule (survey/misuse.hpp), and when it judges. Pure.
namespace kaiku::flow {

/// Counts an answer that came too soon after its screen appeared. Before the event is handled.
void notice(State& state, const Event& event, const Inputs& inputs) noexcept;

/// The verdict on the response being sent. A second try of the same one is not judged again.
survey::Verdict judge_response(const Setup& setup, State& state, const survey::Answers& answers,
                               const Inputs& inputs);

}  // namespace kaiku::flow
