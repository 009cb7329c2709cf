// kaiku-central token.
#include <nlohmann/json.hpp>

#include "central/main/people.hpp"
#include "central/people/token_store.hpp"
#include "central/service/secrets.hpp"

namespace kaiku::central {
namespace {

/// Runs `work` with the organiser's tokens.
template <class F>
Status with_tokens(const Settings& settings, bool create, F work) {
    const auto stores = open_stores(settings, create);
    if (!stores) return tl::make_unexpected(stores.error());
    const auto store = people::sql_token_store((*stores)->database(), settings.organiser);
    return work(*store);
}

std::string_view state_of(const people::TokenView& token, survey::UtcSeconds now) {
    return token.expires_at && *token.expires_at <= now ? "expired" : "good";
}

std::string as_text(const std::vector<people::TokenView>& all, survey::UtcSeconds now) {
    std::string out;
    for (const people::TokenView& token : all) {
        out += token.id + "  " + token.scope + "  " + std::string(state_of(token, now)) +
               "  created " + survey::format_rfc3339(token.created_at) + "  expires " +
               (token.expires_at ? survey::format_rfc3339(*token.expires_at) : "never") + "\n";
    }
    return out;
}

std::string as_json(const std::vector<people::TokenView>& all, survey::UtcSeconds now) {
    auto list = nlohmann::ordered_json::array();
    for (const people::TokenView& token : all) {
        list.push_back(
            {{"token", token.id},
             {"scope", token.scope},
             {"state", state_of(token, now)},
             {"created_at", survey::format_rfc3339(token.created_at)},
             {"expires_at", token.expires_at
                                ? nlohmann::ordered_json(survey::format_rfc3339(*token.expires_at))
                                : nlohmann::ordered_json()}});
    }
    return list.dump(2) + "\n";
}

}  // namespace

Status run_token_create(const Settings& settings, const CommandLine& line) {
    if (line.scope != "responses:write") {
        return fail(Errc::invalid, "--scope: the only scope is responses:write");
    }
    const std::string token = make_bearer("kaiku_t_", system_entropy());
    return with_tokens(settings, true, [&](people::TokenStore& store) -> Status {
        const auto change = change_by("token create");
        std::optional<survey::UtcSeconds> expires_at;
        if (line.expires_days) expires_at = change.at + std::chrono::days(*line.expires_days);
        if (Status added = store.add(hash_secret(token), line.scope, expires_at, change); !added) {
            return added;
        }
        return print(token + "\n");
    });
}

Status run_token_list(const Settings& settings, const CommandLine& line) {
    if (!line.format.empty() && line.format != "text" && line.format != "json") {
        return fail(Errc::invalid, "--format: use text or json");
    }
    return with_tokens(settings, false, [&](people::TokenStore& store) -> Status {
        const auto all = store.tokens();
        if (!all) return tl::make_unexpected(all.error());
        const auto now = wall_now();
        return print(line.format == "json" ? as_json(*all, now) : as_text(*all, now));
    });
}

Status run_token_revoke(const Settings& settings, const CommandLine& line) {
    // Whoever gives the token itself has put it on a command line: it is not repeated.
    const bool plain = line.token.size() == 16 &&
                       line.token.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!plain) {
        return fail(Errc::invalid,
                    "--id: use the 16 digits that kaiku-central token list prints, not the token");
    }
    return with_tokens(settings, false, [&](people::TokenStore& store) {
        return store.revoke(line.token, change_by("token revoke"));
    });
}

}  // namespace kaiku::central
