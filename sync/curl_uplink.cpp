#include "sync/curl_uplink.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <new>
#include <string_view>
#include <system_error>
#include <utility>

namespace kaiku::sync {
namespace {

constexpr std::size_t kMaxReplyBytes = std::size_t{1024} * 1024;
constexpr curl_off_t kMaxRetryAfterS = 86'400;

struct EasyDeleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct UrlDeleter {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Url = std::unique_ptr<CURLU, UrlDeleter>;
using List = std::unique_ptr<curl_slist, ListDeleter>;

/// One part of a parsed URL; empty when it has none.
std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
    std::string out(text);
    curl_free(text);
    return out;
}

/// Addresses that never leave this machine: 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string host) {
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (host == "localhost" || host == "[::1]") return true;
    in_addr address{};
    return inet_pton(AF_INET, host.c_str(), &address) == 1 &&
           (ntohl(address.s_addr) >> 24U) == 127U;
}

struct Address {
    std::string base;  ///< without a slash at its end
    bool loopback = false;
};

Result<Address> check_address(const std::string& text) {
    const auto wrong = [](const std::string& what) {
        // The address itself may hold a password: it is not repeated.
        return fail(Errc::invalid,
                    "central's address: " + what + "; it looks like https://feedback.example.fi");
    };
    const Url url(curl_url());
    if (!url || text.find_first_of("?#") != std::string::npos ||
        curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
            CURLUE_OK) {
        return wrong("is no plain http or https address");
    }
    const auto scheme = part_of(url.get(), CURLUPART_SCHEME);
    const auto host = part_of(url.get(), CURLUPART_HOST);
    if (scheme != "https" && scheme != "http") return wrong("is neither https nor http");
    if (!part_of(url.get(), CURLUPART_USER).empty() ||
        !part_of(url.get(), CURLUPART_PASSWORD).empty() || text.find('@') != std::string::npos) {
        return wrong("must not hold a user name or password");
    }
    const bool loopback = is_loopback(host);
    if (scheme == "http" && !loopback) {
        return wrong("plain http is allowed to this machine only, use https");
    }
    auto base = part_of(url.get(), CURLUPART_URL);
    while (!base.empty() && base.back() == '/') base.pop_back();
    return Address{std::move(base), loopback};
}

/// Collects a body, up to the limit.
struct Body {
    std::string text;
    bool too_large = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) noexcept {
    auto& body = *static_cast<Body*>(user);
    const std::size_t bytes = size * count;
    if (body.text.size() + bytes > kMaxReplyBytes) {
        body.too_large = true;
        return 0;
    }
    try {
        body.text.append(data, bytes);
    } catch (const std::bad_alloc&) {
        return 0;
    }
    return bytes;
}

class CurlUplink final : public Uplink {
  public:
    CurlUplink(CurlUplinkOptions options, Address address, Easy handle)
        : options_(std::move(options)), address_(std::move(address)), handle_(std::move(handle)) {}

    Result<UplinkReply> post(const UplinkRequest& request) override {
        Body body;
        // The connection stays in the handle; everything else is set anew.
        curl_easy_reset(handle_.get());
        auto headers = make_headers(request);
        if (!headers) return tl::make_unexpected(headers.error());
        if (!set_up(request, headers->get(), body)) {
            return fail(Errc::network, "libcurl refuses its options; check the CA file's path");
        }
        const CURLcode code = curl_easy_perform(handle_.get());
        if (body.too_large) {
            return fail(Errc::too_large, "central: the answer is longer than 1 MiB");
        }
        if (code != CURLE_OK) {
            // curl_easy_strerror speaks of the kind of failure only, never of what was sent.
            std::string detail = "central: " + std::string(curl_easy_strerror(code));
            if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR) {
                detail +=
                    "; is this device's clock right, and does it trust the certificate's "
                    "issuer (ca_file)?";
            }
            return fail(Errc::network, std::move(detail));
        }
        note_certificate();
        return reply_of(std::move(body.text));
    }

    Result<UplinkReply> post_while(const UplinkRequest& request,
                                   const std::function<void()>& meanwhile) override {
        std::future<Result<UplinkReply>> reply;
        try {
            reply = std::async(std::launch::async, [&] { return post(request); });
        } catch (const std::system_error&) {  // no thread to be had
            return Uplink::post_while(request, meanwhile);
        }
        meanwhile();
        return reply.get();
    }

    std::optional<survey::UtcSeconds> certificate_until() const override { return until_; }

  private:
    /// A kept connection shows its certificate only the first time; the date then stays.
    void note_certificate() {
        curl_certinfo* chain = nullptr;
        if (curl_easy_getinfo(handle_.get(), CURLINFO_CERTINFO, &chain) != CURLE_OK) return;
        if (chain == nullptr || chain->num_of_certs < 1) return;
        constexpr std::string_view kField = "Expire date:";
        for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
            const std::string_view text = line->data;
            if (!text.starts_with(kField)) continue;
            const auto seconds =
                curl_getdate(std::string(text.substr(kField.size())).c_str(), nullptr);
            if (seconds > 0) until_ = survey::UtcSeconds{std::chrono::seconds{seconds}};
        }
    }

    static Result<List> make_headers(const UplinkRequest& request) {
        if (request.bearer.find_first_of("\r\n") != std::string::npos) {
            return fail(Errc::invalid, "the credential holds a line break; enrol the device again");
        }
        List list;
        std::vector<std::string> lines{"Content-Type: application/json", "Accept: application/json",
                                       "Expect:"};
        if (!request.bearer.empty()) lines.push_back("Authorization: Bearer " + request.bearer);
        for (const auto& [name, value] : request.headers) lines.push_back(name + ": " + value);
        for (const auto& line : lines) {
            curl_slist* longer = curl_slist_append(list.get(), line.c_str());
            if (longer == nullptr) return fail(Errc::io, "out of memory");
            static_cast<void>(list.release());
            list.reset(longer);
        }
        return list;
    }

    template <class Value>
    bool set(CURLoption option, Value value) {
        return curl_easy_setopt(handle_.get(), option, value) == CURLE_OK;
    }

    bool set_up(const UplinkRequest& request, curl_slist* headers, Body& body) {
        const auto url = address_.base + request.path;
        const bool all =
            set(CURLOPT_URL, url.c_str()) && set_method(request) &&
            set(CURLOPT_HTTPHEADER, headers) && set(CURLOPT_WRITEFUNCTION, &take_body) &&
            set(CURLOPT_WRITEDATA, static_cast<void*>(&body)) && set(CURLOPT_NOSIGNAL, 1L) &&
            set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_PROTOCOLS_STR, "http,https") &&
            set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
            set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
            set(CURLOPT_CERTINFO, 1L) &&
            set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count())) &&
            set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout.count())) &&
            set(CURLOPT_USERAGENT, options_.user_agent.c_str());
        // An empty proxy overrides the environment's.
        const bool proxy = !address_.loopback || set(CURLOPT_PROXY, "");
        return all && proxy && set_trust();
    }

    bool set_method(const UplinkRequest& request) {
        if (request.get) return set(CURLOPT_HTTPGET, 1L);
        return set(CURLOPT_POST, 1L) &&
               set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size())) &&
               set(CURLOPT_POSTFIELDS, request.body.c_str());
    }

    /// CAINFO replaces libcurl's own bundle; the folder keeps the system's store beside it.
    bool set_trust() {
        const char* own = curl_version_info(CURLVERSION_NOW)->capath;
        const char* folder = options_.system_store.empty() ? own : options_.system_store.c_str();
        const bool store = folder == nullptr || set(CURLOPT_CAPATH, folder);
        return store && (options_.ca_file.empty() || set(CURLOPT_CAINFO, options_.ca_file.c_str()));
    }

    UplinkReply reply_of(std::string body) {
        UplinkReply reply;
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        reply.status = static_cast<int>(status);
        const char* type = nullptr;
        curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &type);
        if (type != nullptr) reply.content_type = type;
        curl_off_t wait_s = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &wait_s);
        reply.retry_after_s = static_cast<int>(std::clamp<curl_off_t>(wait_s, 0, kMaxRetryAfterS));
        reply.body = std::move(body);
        curl_header* field = nullptr;
        while ((field = curl_easy_nextheader(handle_.get(), CURLH_HEADER, -1, field)) != nullptr) {
            if (is_kaiku_header(field->name)) reply.headers.emplace_back(field->name, field->value);
        }
        return reply;
    }

    CurlUplinkOptions options_;
    Address address_;
    Easy handle_;
    std::optional<survey::UtcSeconds> until_;
};

}  // namespace

Status check_central_url(const std::string& url) {
    if (auto checked = check_address(url); !checked) return tl::make_unexpected(checked.error());
    return {};
}

Result<std::unique_ptr<Uplink>> make_curl_uplink(const CurlUplinkOptions& options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    auto address = check_address(options.central_url);
    if (!address) return tl::make_unexpected(address.error());
    Easy handle(curl_easy_init());
    if (!handle) return fail(Errc::io, "libcurl does not start: out of memory");
    return std::unique_ptr<Uplink>(
        std::make_unique<CurlUplink>(options, std::move(*address), std::move(handle)));
}

}  // namespace kaiku::sync
