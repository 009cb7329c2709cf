#pragma once

#include <chrono>

#include "central/fleet/caretaker.hpp"

namespace kaiku::central {

/// How the fleet is looked after, and who is told (docs/operations/fleet.md).
struct FleetSettings {
    std::chrono::seconds look{60};  ///< between two looks
    fleet::CaretakerOptions caretaker;
    fleet::MailerOptions mail;      ///< server empty: no mail is sent
    fleet::WebhookOptions webhook;  ///< url empty: nothing is posted
};

}  // namespace kaiku::central
