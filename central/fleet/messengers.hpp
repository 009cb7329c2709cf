#pragma once

#include <string>

#include "survey/response.hpp"
#include "survey/result.hpp"

/// How people and other programs are told of alerts. Blocking, with a deadline on every call;
/// details name the place and never a password, a secret or what was sent.
namespace kaiku::central::fleet {

struct Mail {
    std::string subject;  ///< one line
    std::string text;     ///< lines end with "\n"
};

class Mailer {
  public:
    virtual ~Mailer() = default;
    /// Success when the server took it for every recipient. Errc::network otherwise, Errc::refused
    /// when the server answered and said no.
    virtual Status send(const Mail& mail) = 0;
};

class Webhook {
  public:
    virtual ~Webhook() = default;
    /// Posts JSON. Success when the other side answered 2xx; Errc::network without a whole answer,
    /// Errc::refused for another one.
    virtual Status post(const std::string& json, survey::UtcSeconds now) = 0;
};

}  // namespace kaiku::central::fleet
