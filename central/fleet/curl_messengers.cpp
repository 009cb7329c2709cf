#include <curl/curl.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <mutex>
#include <new>

#include "central/fleet/alert_text.hpp"
#include "central/fleet/messengers.hpp"

namespace kaiku::central::fleet {
namespace {

constexpr long kConnectMs = 10'000;
constexpr std::size_t kMinSecretBytes = 16;

struct EasyEnd {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyEnd>;
struct ListEnd {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListEnd>;
struct UrlEnd {
    void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

bool add(List& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(list.release());
    list.reset(longer);
    return true;
}

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

struct Address {
    std::string scheme;
    bool loopback = false;
};
/// An address without a user name, whose parts libcurl can tell apart.
Result<Address> read_address(const std::string& text, const char* key) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    const std::unique_ptr<CURLU, UrlEnd> url(curl_url());
    const bool good = url && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK &&
                      part_of(url.get(), CURLUPART_USER).empty();
    if (!good) return fail(Errc::invalid, std::string(key) + ": is no address");
    const std::string host = part_of(url.get(), CURLUPART_HOST);
    return Address{part_of(url.get(), CURLUPART_SCHEME),
                   host == "127.0.0.1" || host == "localhost" || host == "[::1]"};
}

bool is_one_line(const std::string& text) {
    return text.find_first_of("\r\n<>") == std::string::npos && !text.empty();
}

std::size_t drop(char* /*data*/, std::size_t size, std::size_t count, void* /*user*/) noexcept {
    return size * count;
}

/// libcurl asks about once a second, while nothing moves too; other than 0 gives up.
int asked(void* user, curl_off_t /*total*/, curl_off_t /*now*/, curl_off_t /*up_total*/,
          curl_off_t /*up_now*/) noexcept {
    return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

/// One use of libcurl; the first option that it does not take makes the whole fail.
class Call {
  public:
    template <class Options>
    explicit Call(Options& options) : handle_(curl_easy_init()) {
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
        set(CURLOPT_TIMEOUT, static_cast<long>(options.deadline.count()));
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &asked);
        set(CURLOPT_XFERINFODATA, static_cast<void*>(&options.stop));
        set(CURLOPT_WRITEFUNCTION, &drop);
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    }
    template <class Value>
    void set(CURLoption option, Value value) {
        good_ = good_ && handle_ && curl_easy_setopt(handle_.get(), option, value) == CURLE_OK;
    }
    /// The answer's status; Errc::network without one.
    Result<long> run(const char* who) {
        if (!good_) return fail(Errc::network, std::string(who) + ": libcurl refuses its options");
        const CURLcode code = curl_easy_perform(handle_.get());
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        if (code == CURLE_OK) return status;
        const bool answered =
            status >= 400 || code == CURLE_LOGIN_DENIED || code == CURLE_SEND_ERROR;
        // curl_easy_strerror speaks of the kind of failure only.
        return fail(answered && status >= 400 ? Errc::refused : Errc::network,
                    std::string(who) + ": " + curl_easy_strerror(code) +
                        (status >= 400 ? ", status " + std::to_string(status) : std::string()));
    }

  private:
    Easy handle_;
    bool good_ = true;
};

/// What is still to be sent.
struct Upload {
    std::string_view rest;
};
std::size_t give(char* buffer, std::size_t size, std::size_t count, void* user) noexcept {
    auto& upload = *static_cast<Upload*>(user);
    const std::size_t bytes = std::min(size * count, upload.rest.size());
    std::memcpy(buffer, upload.rest.data(), bytes);
    upload.rest.remove_prefix(bytes);
    return bytes;
}

/// Keeps the code of each of the server's replies; of one with several lines, that of the last.
std::size_t note_reply(char* line, std::size_t size, std::size_t count, void* user) noexcept {
    const std::string_view text(line, size * count);
    int code = 0;
    const bool last = text.size() >= 3 && (text.size() == 3 || text[3] != '-');
    if (last && std::from_chars(text.data(), text.data() + 3, code).ptr == text.data() + 3) {
        try {
            static_cast<std::vector<int>*>(user)->push_back(code);
        } catch (const std::bad_alloc&) {
            return 0;
        }
    }
    return text.size();
}

/// Which of `count` addresses were refused: their replies are those before DATA's 354.
std::vector<std::size_t> refused_of(const std::vector<int>& replies, std::size_t count) {
    const auto data = std::ranges::find(replies, 354);
    if (data == replies.end() || data - replies.begin() < static_cast<std::ptrdiff_t>(count)) {
        return {};
    }
    std::vector<std::size_t> refused;
    for (std::size_t n = 0; n < count; ++n) {
        if (*(data - static_cast<std::ptrdiff_t>(count - n)) >= 400) refused.push_back(n);
    }
    return refused;
}

class CurlMailer final : public Mailer {
  public:
    CurlMailer(MailerOptions options, bool loopback)
        : options_(std::move(options)), loopback_(loopback) {}

    Status send(const Mail& mail) override {
        const auto now =
            std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
        const std::string letter = mail_letter(mail, options_.from, options_.to, now);
        List to;
        for (const std::string& each : options_.to) {
            if (!add(to, "<" + each + ">")) return fail(Errc::io, "mail: out of memory");
        }
        Upload upload{letter};
        const std::string from = "<" + options_.from + ">";
        Call call(options_);
        call.set(CURLOPT_URL, options_.server.c_str());
        call.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        call.set(CURLOPT_USE_SSL, static_cast<long>(loopback_ ? CURLUSESSL_TRY : CURLUSESSL_ALL));
        if (!options_.user.empty()) {
            call.set(CURLOPT_USERNAME, options_.user.c_str());
            call.set(CURLOPT_PASSWORD, options_.password.c_str());
        }
        call.set(CURLOPT_MAIL_FROM, from.c_str());
        call.set(CURLOPT_MAIL_RCPT, to.get());
        // An address that is no more must not keep the others from their letter.
        call.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
        std::vector<int> replies;
        call.set(CURLOPT_HEADERFUNCTION, &note_reply);
        call.set(CURLOPT_HEADERDATA, static_cast<void*>(&replies));
        call.set(CURLOPT_UPLOAD, 1L);
        call.set(CURLOPT_READFUNCTION, &give);
        call.set(CURLOPT_READDATA, static_cast<void*>(&upload));
        const auto status = call.run("mail");
        if (!status) return tl::make_unexpected(status.error());
        for (const std::size_t refused : refused_of(replies, options_.to.size())) {
            spdlog::warn(
                "fleet: alerts: the mail server refused address {} of fleet.mail_to; the others "
                "got the letter",
                refused + 1);
        }
        return {};
    }

  private:
    MailerOptions options_;
    bool loopback_;
};

class CurlWebhook final : public Webhook {
  public:
    explicit CurlWebhook(WebhookOptions options) : options_(std::move(options)) {}

    Status post(const std::string& json, survey::UtcSeconds now) override {
        const std::string timestamp = std::to_string(now.time_since_epoch().count());
        List headers;
        for (const std::string& line :
             {std::string("Content-Type: application/json"), std::string("Expect:"),
              "Kaiku-Timestamp: " + timestamp,
              "Kaiku-Webhook-Signature: " + webhook_signature(options_.secret, timestamp, json)}) {
            if (!add(headers, line)) return fail(Errc::io, "webhook: out of memory");
        }
        Call call(options_);
        call.set(CURLOPT_URL, options_.url.c_str());
        call.set(CURLOPT_PROTOCOLS_STR, "http,https");
        call.set(CURLOPT_FOLLOWLOCATION, 0L);
        call.set(CURLOPT_POST, 1L);
        call.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
        call.set(CURLOPT_POSTFIELDS, json.c_str());
        call.set(CURLOPT_HTTPHEADER, headers.get());
        const auto status = call.run("webhook");
        if (!status) return tl::make_unexpected(status.error());
        if (*status >= 200 && *status < 300) return {};
        return fail(Errc::refused, "webhook: answered with status " + std::to_string(*status));
    }

  private:
    WebhookOptions options_;
};

}  // namespace

Result<std::unique_ptr<Mailer>> make_curl_mailer(const MailerOptions& options) {
    const auto address = read_address(options.server, "fleet.mail_server");
    if (!address) return tl::make_unexpected(address.error());
    if (address->scheme != "smtp" && address->scheme != "smtps") {
        return fail(Errc::invalid, "fleet.mail_server: begins with smtps:// or smtp://");
    }
    if (!is_one_line(options.from) || options.to.empty() ||
        !std::ranges::all_of(options.to, is_one_line)) {
        return fail(Errc::invalid,
                    "fleet.mail_from and fleet.mail_to: give plain addresses, "
                    "care@example.fi");
    }
    return std::unique_ptr<Mailer>(std::make_unique<CurlMailer>(options, address->loopback));
}

Result<std::unique_ptr<Webhook>> make_curl_webhook(const WebhookOptions& options) {
    const auto address = read_address(options.url, "fleet.webhook_url");
    if (!address) return tl::make_unexpected(address.error());
    if (address->scheme != "https" && !(address->scheme == "http" && address->loopback)) {
        return fail(Errc::invalid, "fleet.webhook_url: must be https");
    }
    if (options.secret.size() < kMinSecretBytes) {
        return fail(Errc::invalid, "fleet.webhook_secret: give at least 16 letters");
    }
    return std::unique_ptr<Webhook>(std::make_unique<CurlWebhook>(options));
}

std::string webhook_signature(std::string_view secret, std::string_view timestamp,
                              std::string_view json) {
    const std::string text = std::string(timestamp) + '.' + std::string(json);
    const auto bytes = [](std::string_view of) {
        return reinterpret_cast<const unsigned char*>(of.data());
    };
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes(secret), secret.size());
    crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> code{};
    crypto_auth_hmacsha256_final(&state, code.data());
    std::array<char, crypto_auth_hmacsha256_BYTES * 2 + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), code.data(), code.size());
    return "sha256=" + std::string(hex.data());
}

}  // namespace kaiku::central::fleet
