#pragma once

#include <functional>
#include <optional>
#include <string>

#include "survey/response.hpp"
#include "survey/result.hpp"
#include "sync/headers.hpp"

namespace kaiku::sync {

/// An HTTP answer that was received whole, of whatever status.
struct UplinkReply {
    int status = 0;
    std::string content_type;
    std::string body;       ///< cut and failed with Errc::too_large beyond 1 MiB
    int retry_after_s = 0;  ///< from Retry-After in seconds; 0 when absent
    Headers headers{};      ///< those whose names begin with "Kaiku-"
};

/// A POST of JSON to central, or a GET.
struct UplinkRequest {
    std::string path;    ///< such as "/v1/batches"
    std::string bearer;  ///< may be empty
    std::string body;
    Headers headers{};  ///< "Kaiku-…" fields: number and signature; If-None-Match
    bool get = false;   ///< then `body` is empty
};

/// The wire to central. Blocking, with a deadline on every call; never follows redirects.
class Uplink {
  public:
    virtual ~Uplink() = default;
    /// Errc::network when no whole answer came; the detail says why and never holds the credential
    /// or the body.
    virtual Result<UplinkReply> post(const UplinkRequest& request) = 0;
    /// post(), while this thread does `meanwhile` where the wire allows that (else before or after,
    /// but always once). `request` is not to be touched by it, nor is this uplink.
    virtual Result<UplinkReply> post_while(const UplinkRequest& request,
                                           const std::function<void()>& meanwhile) {
        auto reply = post(request);
        meanwhile();
        return reply;
    }
    /// Until when central's certificate holds, as of the last answer; nothing over plain http.
    virtual std::optional<survey::UtcSeconds> certificate_until() const { return std::nullopt; }
};

}  // namespace kaiku::sync
