#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "central/service/service.hpp"
#include "central/store/memory_store.hpp"
#include "central/web/web.hpp"
#include "survey/utf8.hpp"
#include "sync/keyring.hpp"
#include "sync/signing.hpp"
#include "tests/fuzz/properties.hpp"

namespace kaiku::fuzz {

namespace {

constexpr std::string_view kDevice = "kaiku_d_fuzz";
constexpr std::string_view kToken = "kaiku_t_fuzz";
constexpr survey::UtcSeconds kNow{std::chrono::seconds{1'763'807'400}};

survey::Instrument read_instrument() {
    std::ifstream file(std::filesystem::path(KAIKU_SOURCE_DIR) /
                       "assets/instruments/quick-nps.json");
    std::stringstream text;
    text << file.rdbuf();
    auto instrument = survey::load_instrument(text.str(), "quick-nps.json");
    KAIKU_ASSERT(instrument.has_value());
    return std::move(*instrument);
}

/// Central's service and web channel over a store in memory, with one unit, one token, and one
/// device that signs nothing. No clock tells it anything.
class Central {
  public:
    Central() : service_(store_, environment()) {
        KAIKU_ASSERT(store_.add_unit({"a", "A", "A", "", ""}).has_value());
        central::Secret code;
        code.kind = central::SecretKind::enrolment;
        code.hash = central::hash_secret("code");
        code.unit = "a";
        code.created_at = kNow;
        code.expires_at = kNow + std::chrono::hours(1);
        KAIKU_ASSERT(store_.add_secret(code).has_value());
        central::Secret device = code;
        device.kind = central::SecretKind::device;
        device.hash = central::hash_secret(kDevice);
        device.device_id = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";
        KAIKU_ASSERT(store_.redeem(code.hash, device, "").has_value());
        central::Secret token;
        token.hash = central::hash_secret(kToken);
        token.scope = "responses:write";
        token.created_at = kNow;
        KAIKU_ASSERT(store_.add_secret(token).has_value());
        central::WebEnvironment web;
        web.now = [] { return kNow; };
        web.entropy = central::system_entropy();
        web.instruments.push_back(read_instrument());
        for (const survey::Language language : survey::kLanguages) {
            auto words = locales::Catalogue::load(KAIKU_LOCALE_DIR, language);
            KAIKU_ASSERT(words.has_value());
            web.words[static_cast<std::size_t>(language)] = std::move(*words);
        }
        auto made = central::Web::make(service_, sealing_, std::move(web));
        KAIKU_ASSERT(made.has_value());
        web_ = std::move(*made);
    }

    central::Reply handle(const central::Request& request) {
        return central::Web::is_path(request.path) ? web_->handle(request)
                                                   : service_.handle(request);
    }

  private:
    central::ServiceEnvironment environment() {
        central::ServiceEnvironment out;
        out.now = [] { return kNow; };
        out.day_of = [](survey::UtcSeconds) { return std::string("2025-11-22"); };
        out.entropy = central::system_entropy();
        out.enrolment_failures_per_minute = 1'000'000'000;
        out.key = &sealing_;
        out.signing = &signing_;
        out.device_requests_per_minute = 0;
        return out;
    }

    sync::Keyring sealing_{sync::KeyPair::make().value()};
    sync::SigningKey signing_ = sync::SigningKey::make().value();
    central::MemoryStore store_;
    central::Service service_;
    std::unique_ptr<central::Web> web_;
};

/// The text up to the next line end, which is taken off.
std::string_view take_line(std::string_view& rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

/// "METHOD path?query", then header lines to an empty one, then the body.
central::Request read_request(std::string_view input) {
    central::Request request;
    const auto first = take_line(input);
    const auto space = std::min(first.find(' '), first.size());
    request.method = first.substr(0, space);
    const auto target = first.substr(std::min(space + 1, first.size()));
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query = target.substr(std::min(mark + 1, target.size()));
    for (auto line = take_line(input); !line.empty(); line = take_line(input)) {
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos) continue;
        const auto name = line.substr(0, colon);
        const std::string value(line.substr(colon + 2));
        if (name == "Content-Type") request.content_type = value;
        if (name == "Authorization") request.authorization = value;
        if (name == "Accept-Language") request.accept_language = value;
        if (sync::is_kaiku_header(name)) request.headers.emplace_back(name, value);
    }
    request.body = input;
    return request;
}

}  // namespace

void check_http(std::string_view input) {
    // Made anew now and then, so that a long run does not fill the memory with stored answers.
    static std::unique_ptr<Central> central;
    static std::size_t runs = 0;
    if (runs++ % 20'000 == 0) central = std::make_unique<Central>();
    const auto reply = central->handle(read_request(input));
    // 500 is a bug, whatever was asked; 503 is a store in trouble, and this one has none.
    KAIKU_ASSERT(reply.status >= 200 && reply.status < 500);
    KAIKU_ASSERT(!reply.content_type.empty() && survey::is_valid_utf8(reply.body));
    for (const auto& [name, value] : reply.headers) {
        KAIKU_ASSERT(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
    }
}

}  // namespace kaiku::fuzz
