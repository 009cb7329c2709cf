#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "sync/uplink.hpp"

namespace kaiku::sync {

struct CurlUplinkOptions {
    std::string central_url;  ///< "https://…"; plain http only to a loopback address
    std::string ca_file;      ///< CA bundle in PEM, trusted beside the system's store; may be empty
    /// The system's store, a folder of certificates by their hashes; empty: libcurl's own.
    std::string system_store{};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds total_timeout{30'000};
    std::string user_agent;
};

/// Errc::invalid, with an example, for what make_curl_uplink would refuse.
Status check_central_url(const std::string& url);

/// libcurl with one kept-alive connection. Errc::invalid for a URL that is no http(s) address, has
/// a user name, query or fragment, or is plain http beyond loopback.
Result<std::unique_ptr<Uplink>> make_curl_uplink(const CurlUplinkOptions& options);

}  // namespace kaiku::sync
