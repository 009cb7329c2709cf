#include "kiosk/flow/flow.hpp"

namespace kaiku::flow {

StaffEvent::StaffEvent(const StaffEvent& other) = default;
StaffEvent::StaffEvent(StaffEvent&& other) noexcept = default;
StaffEvent& StaffEvent::operator=(const StaffEvent& other) = default;
StaffEvent& StaffEvent::operator=(StaffEvent&& other) noexcept = default;
StaffEvent::~StaffEvent() = default;

StaffRequest::StaffRequest(const StaffRequest& other) = default;
StaffRequest::StaffRequest(StaffRequest&& other) noexcept = default;
StaffRequest& StaffRequest::operator=(const StaffRequest& other) = default;
StaffRequest& StaffRequest::operator=(StaffRequest&& other) noexcept = default;
StaffRequest::~StaffRequest() = default;

Event::Event() = default;
Event::Event(const Event& other) = default;
Event::Event(Event&& other) noexcept = default;
Event& Event::operator=(const Event& other) = default;
Event& Event::operator=(Event&& other) noexcept = default;
Event::~Event() = default;

Effect::Effect(const Effect& other) = default;
Effect::Effect(Effect&& other) noexcept = default;
Effect& Effect::operator=(const Effect& other) = default;
Effect& Effect::operator=(Effect&& other) noexcept = default;
Effect::~Effect() = default;

}  // namespace kaiku::flow
