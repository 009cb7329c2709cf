#include "central/main/settings.hpp"

#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstdlib>

#include "central/main/settings_reader.hpp"

namespace kaiku::central {
namespace {

/// The largest is "nobody" to the system calls.
constexpr std::int64_t kMaxUid = 4'294'967'294;

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? std::string() : std::string(value);
}

Setters limit_setters(Reader& read, ServerLimits& limits) {
    return {
        {"limits.connections",
         [&](auto& key, auto& node) { read.number(key, node, 1, 100'000, limits.connections); }},
        {"limits.requests_per_connection",
         [&](auto& key, auto& node) {
             read.number(key, node, 1, 1'000'000, limits.requests_per_connection);
         }},
        {"limits.connections_per_address",
         [&](auto& key, auto& node) {
             read.number(key, node, 0, 100'000, limits.connections_per_address);
         }},
        {"limits.requests_per_minute",
         [&](auto& key, auto& node) {
             read.number(key, node, 0, 10'000'000, limits.requests_per_minute);
         }},
        {"limits.proxies",
         [&](auto& key, auto& node) { read.addresses(key, node, limits.proxies); }},
        {"limits.header_fields",
         [&](auto& key, auto& node) { read.number(key, node, 8, 1000, limits.header_fields); }},
        {"limits.header_bytes",
         [&](auto& key, auto& node) {
             read.number(key, node, 1024, 1 << 20, limits.header_bytes);
         }},
        {"limits.body_bytes",
         [&](auto& key, auto& node) {
             read.number(key, node, 16'384, 64 << 20, limits.body_bytes);
         }},
        {"limits.unanswered_bytes",
         [&](auto& key, auto& node) {
             read.number(key, node, 16'384, 1 << 30, limits.unanswered_bytes);
         }},
        {"limits.workers",
         [&](auto& key, auto& node) { read.number(key, node, 1, 256, limits.workers); }},
        {"timeouts.header_ms",
         [&](auto& key, auto& node) { read.time(key, node, limits.header_timeout); }},
        {"timeouts.idle_ms",
         [&](auto& key, auto& node) { read.time(key, node, limits.idle_timeout); }},
        {"timeouts.body_ms",
         [&](auto& key, auto& node) { read.time(key, node, limits.body_timeout); }},
        {"timeouts.write_ms",
         [&](auto& key, auto& node) { read.time(key, node, limits.write_timeout); }},
        {"timeouts.shutdown_ms",
         [&](auto& key, auto& node) { read.time(key, node, limits.shutdown_timeout); }},
    };
}

}  // namespace

Setters setters(Reader& read, Settings& settings) {
    Setters all = limit_setters(read, settings.server.limits);
    all.merge(ops_setters(read, settings));
    all.merge(fleet_setters(read, settings.fleet));
    all["listen"] = [&](auto& key, auto& node) { read.text(key, node, settings.listen); };
    all["store"] = [&](auto& key, auto& node) { read.text(key, node, settings.store); };
    all["store_connections"] = [&](auto& key, auto& node) {
        read.number(key, node, 1, 1000, settings.store_connections);
    };
    all["time_zone"] = [&](auto& key, auto& node) { read.text(key, node, settings.time_zone); };
    all["report.minimum_n"] = [&](auto& key, auto& node) {
        read.number(key, node, 1, 1000, settings.minimum_n);
    };
    all["enrolment.failures_per_minute"] = [&](auto& key, auto& node) {
        read.number(key, node, 1, 1000, settings.enrolment_failures_per_minute);
    };
    all["devices.credential_days"] = [&](auto& key, auto& node) {
        std::int64_t days = settings.credential_life.count();
        read.number(key, node, 1, 3650, days);
        settings.credential_life = std::chrono::days(days);
    };
    all["devices.requests_per_minute"] = [&](auto& key, auto& node) {
        read.number(key, node, 0, 10'000'000, settings.device_requests_per_minute);
    };
    all["devices.signing_key"] = [&](auto& key, auto& node) {
        read.path(key, node, settings.signing_key);
    };
    all["keyholder.socket"] = [&](auto& key, auto& node) {
        read.path(key, node, settings.key_socket);
    };
    all["keyholder.uid"] = [&](auto& key, auto& node) {
        read.number(key, node, 0, kMaxUid, settings.keyholder_uid);
    };
    all["keyholder.serve_uid"] = [&](auto& key, auto& node) {
        read.number(key, node, 0, kMaxUid, settings.serve_uid);
    };
    all["timeouts.store_busy_ms"] = [&](auto& key, auto& node) {
        read.time(key, node, settings.busy_timeout);
    };
    all["tls.certificate"] = [&](auto& key, auto& node) {
        read.path(key, node, settings.server.tls_certificate);
    };
    all["tls.key"] = [&](auto& key, auto& node) { read.path(key, node, settings.server.tls_key); };
    all["web.url"] = [&](auto& key, auto& node) { read.text(key, node, settings.web_url); };
    all["web.key"] = [&](auto& key, auto& node) { read.path(key, node, settings.web_key); };
    all["web.instrument"] = [&](auto& key, auto& node) {
        read.text(key, node, settings.web_instrument);
    };
    all["web.instruments"] = [&](auto& key, auto& node) {
        const toml::table* units = node.as_table();
        if (units == nullptr)
            return read.complain(key, node, "must be a table of unit = \"instrument\"");
        for (const auto& [unit, instrument] : *units) {
            const std::string code(unit.str());
            read.text(key + "." + code, instrument, settings.web_unit_instruments[code]);
        }
    };
    return all;
}

namespace {

/// "store_file" of "store": the value stands in a file of its own.
bool apply_file(const std::string& key, const toml::node& node, const Setters& known,
                Reader& read) {
    constexpr std::string_view kFile = "_file";
    if (!key.ends_with(kFile)) return false;
    const std::string base = key.substr(0, key.size() - kFile.size());
    const auto setter = known.find(base);
    if (setter == known.end() || !may_be_file(base)) return false;
    const auto secret = read_secret(node.value_or(std::string()));
    if (secret) {
        setter->second(base, toml::value<std::string>(*secret));
    } else {
        read.complain(key, node, secret.error().detail);
    }
    return true;
}

void apply(const toml::table& table, const std::string& prefix, const Setters& known,
           Reader& read) {
    for (const auto& [name, node] : table) {
        const std::string key = prefix + std::string(name.str());
        if (node.is_table() && prefix.empty()) {
            apply(*node.as_table(), key + ".", known, read);
        } else if (const auto setter = known.find(key); setter != known.end()) {
            setter->second(key, node);
        } else if (!apply_file(key, node, known, read)) {
            read.complain(key, node, "is not a setting; see docs/operations/central.md");
        }
    }
}

}  // namespace

std::filesystem::path data_folder() {
    if (const auto told = environment("KAIKU_CENTRAL_DATA"); !told.empty()) {
        return told;
    }
    if (geteuid() == 0) {
        return "/var/lib/kaiku-central";
    }
    if (const auto xdg = environment("XDG_DATA_HOME"); !xdg.empty()) {
        return std::filesystem::path(xdg) / "kaiku-central";
    }
    return std::filesystem::path(environment("HOME")) / ".local/share/kaiku-central";
}

std::filesystem::path share_folder() {
    std::error_code failed;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
    return program.parent_path().parent_path() / "share/kaiku";
}

Result<Settings> read_settings(const std::filesystem::path& file) {
    Settings settings;
    Reader read(file.string());
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored) ||
        std::filesystem::is_character_file(file, ignored)) {
        return fail(Errc::invalid,
                    file.string() + ": is no file; the configuration is a TOML file");
    }
    try {
        const toml::table table = toml::parse_file(file.string());
        apply(table, "", setters(read, settings), read);
    } catch (const toml::parse_error& error) {
        return fail(Errc::malformed, file.string() + ":" +
                                         std::to_string(error.source().begin.line) + ": " +
                                         std::string(error.description()));
    } catch (const std::invalid_argument& error) {
        return fail(Errc::malformed, file.string() + ": " + error.what());
    }
    if (!read.status()) {
        return tl::make_unexpected(read.status().error());
    }
    return settings;
}

std::string store_address(const Settings& settings) {
    return settings.store.empty() ? "sqlite:" + (data_folder() / "central.db").string()
                                  : settings.store;
}

bool is_postgres(const std::string& address) {
    return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

Result<std::filesystem::path> store_path(const std::string& address) {
    constexpr std::string_view kSqlite = "sqlite:";
    if (!address.starts_with(kSqlite) || address.size() == kSqlite.size()) {
        return fail(Errc::invalid,
                    "--store: write it as sqlite:PATH or postgresql://HOST/DATABASE");
    }
    const std::string path = address.substr(kSqlite.size());
    if (path.front() == ':' || path.starts_with("file:")) {
        return fail(Errc::refused, "--store: '" + address +
                                       "' would not survive the program; give the path of a file, "
                                       "for example sqlite:/var/lib/kaiku-central/central.db");
    }
    return std::filesystem::path(path);
}

Settings settings_for(const Settings& settings, const std::string& organiser,
                      const std::string& host) {
    Settings own = settings;
    own.organiser = organiser;
    for (auto* file : {&own.web_key, &own.signing_key, &own.key_socket}) {
        if (!file->empty()) *file += "." + organiser;
    }
    if (!own.web_url.empty() && !host.empty()) own.web_url = "https://" + host;
    return own;
}

Status apply_listen(Settings& settings) {
    const std::string& listen = settings.listen;
    const auto colon = listen.rfind(':');
    std::string host = colon == std::string::npos ? "" : listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    unsigned port = 0;
    const char* const last = listen.data() + listen.size();
    const auto [end, bad] =
        std::from_chars(listen.data() + (colon == std::string::npos ? 0 : colon + 1), last, port);
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(host, failed);
    if (settings.server.inherited) {
        // Whoever opened the socket chose its address; the server looks at it.
        return settings.server.tls_certificate.empty() == settings.server.tls_key.empty()
                   ? Status()
                   : fail(Errc::invalid, "tls: certificate and key belong together; give both");
    }
    if (failed || bad != std::errc() || end != last || port > 65535) {
        return fail(Errc::invalid,
                    "listen: '" + listen + "' is no address; write it as 127.0.0.1:8080");
    }
    ServerOptions& server = settings.server;
    if (server.tls_certificate.empty() != server.tls_key.empty()) {
        return fail(Errc::invalid, "tls: certificate and key belong together; give both");
    }
    if (!address.is_loopback() && server.tls_certificate.empty()) {
        return fail(Errc::refused,
                    "listen: plain HTTP is served on loopback only; give "
                    "--tls-cert and --tls-key to listen on " +
                        host);
    }
    server.address = host;
    server.port = static_cast<std::uint16_t>(port);
    return {};
}

}  // namespace kaiku::central
