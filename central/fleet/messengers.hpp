#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

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
    /// Success when the server took it for at least one recipient; those that it refused are named
    /// in the log by their places. Errc::network otherwise, Errc::refused when the server answered
    /// and said no.
    virtual Status send(const Mail& mail) = 0;
};

class Webhook {
  public:
    virtual ~Webhook() = default;
    /// Posts JSON. Success when the other side answered 2xx; Errc::network without a whole answer,
    /// Errc::refused for another one.
    virtual Status post(const std::string& json, survey::UtcSeconds now) = 0;
};

struct MailerOptions {
    std::string server;  ///< "smtps://host[:465]", or "smtp://host[:587]" with STARTTLS
    std::string user{};  ///< empty: does not sign in
    std::string password{};
    std::string from;
    std::vector<std::string> to;        ///< at least one
    std::string ca_file{};              ///< trusted instead of libcurl's bundle; may be empty
    std::chrono::seconds deadline{30};  ///< of one mail, everything included
    std::stop_token stop{};             ///< gives up within a second of its request
};
/// Over libcurl. TLS is a must beyond loopback. Errc::invalid for options that cannot be used.
Result<std::unique_ptr<Mailer>> make_curl_mailer(const MailerOptions& options);

struct WebhookOptions {
    std::string url;     ///< https; plain http only to a loopback address
    std::string secret;  ///< at least 16 bytes; both sides know it
    std::string ca_file{};
    std::chrono::seconds deadline{30};  ///< of one post
    std::stop_token stop{};
};
/// Over libcurl; follows no redirect. Each post carries `Kaiku-Timestamp` (seconds since 1970) and
/// `Kaiku-Webhook-Signature`, webhook_signature() of it. Errc::invalid for options that cannot be
/// used.
Result<std::unique_ptr<Webhook>> make_curl_webhook(const WebhookOptions& options);
/// "sha256=" and the hex HMAC-SHA-256 of "<timestamp>.<json>".
std::string webhook_signature(std::string_view secret, std::string_view timestamp,
                              std::string_view json);

}  // namespace kaiku::central::fleet
