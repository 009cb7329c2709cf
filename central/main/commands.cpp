#include "central/main/commands.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "central/results/period.hpp"
#include "central/service/secrets.hpp"
#include "central/store/sqlite_store.hpp"
#include "survey/utf8.hpp"

namespace kaiku::central {
namespace {

bool is_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
        return std::isdigit(letter) != 0;
    });
}

bool is_dotted(std::string_view oid) {
    std::size_t parts = 0;
    while (true) {
        const auto dot = oid.find('.');
        const std::string_view part = oid.substr(0, dot);
        if (!is_digits(part) || part.size() > 20 || (part.size() > 1 && part.front() == '0')) {
            return false;
        }
        ++parts;
        if (dot == std::string_view::npos) {
            return parts >= 4;
        }
        oid.remove_prefix(dot + 1);
    }
}

Status check_oid(const std::string& oid) {
    constexpr std::string_view kUrn = "urn:oid:";
    constexpr std::string_view kOrganisations = "1.2.246.10.";
    std::string_view dotted = oid;
    if (dotted.starts_with(kUrn)) {
        dotted.remove_prefix(kUrn.size());
    }
    bool good = oid.size() <= 128 && is_dotted(dotted);
    if (good && dotted.starts_with(kOrganisations)) {
        // A Finnish organisation: its business id without the dash, 7 digits and a check digit.
        const std::string_view rest = dotted.substr(kOrganisations.size());
        const auto dot = rest.find('.');
        good = dot == 8 && rest.size() > 9;
    }
    if (!good) {
        return fail(Errc::invalid, "--oid: '" + oid +
                                       "' is no OID; write it as "
                                       "urn:oid:1.2.246.10.<business id without dash>.10.<n>");
    }
    return {};
}

/// The rule of the wire format: a unit code is short, plain and safe in URLs.
Status check_unit(const Unit& unit) {
    const bool plain = std::all_of(unit.code.begin(), unit.code.end(), [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '-' || letter == '_' || letter == '.';
    });
    if (unit.code.empty() || unit.code.size() > 64 || !plain) {
        return fail(Errc::invalid, "--code: use 1 to 64 of A–Z a–z 0–9 - _ .");
    }
    for (const std::string& name : {unit.name_fi, unit.name_sv}) {
        if (name.empty() || name.size() > 200 || !survey::is_valid_utf8(name)) {
            return fail(Errc::invalid, "--name-fi, --name-sv: use one line of 1 to 200 bytes");
        }
        if (one_line(name) != name) {
            return fail(Errc::invalid,
                        "--name-fi, --name-sv: holds control characters or characters that turn "
                        "the direction of writing; type the name anew");
        }
    }
    return unit.oid.empty() ? Status() : check_oid(unit.oid);
}

}  // namespace

survey::UtcSeconds wall_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Status print(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
        std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout.flush().good()) {
        return fail(Errc::io, "the output could not be written in full");
    }
    return {};
}

Result<std::unique_ptr<Stores>> open_stores(const Settings& settings, bool create, bool check) {
    const std::string address = store_address(settings);
    if (is_postgres(address)) {
        return open_postgres_stores({.uri = address, .connections = settings.store_connections});
    }
    const Result<std::filesystem::path> path = store_path(address);
    if (!path) {
        return tl::make_unexpected(path.error());
    }
    // A mistyped path must not become a new, empty store in folders of its own.
    std::error_code failed;
    const auto folder = std::filesystem::absolute(*path, failed).parent_path();
    if (!settings.store.empty() && !std::filesystem::is_directory(folder, failed)) {
        return fail(Errc::not_found, "--store: there is no folder " + folder.string() +
                                         "; make it first (mkdir -p), or correct the path");
    }
    return open_sqlite_stores({*path, create, check, settings.busy_timeout});
}

Result<std::unique_ptr<Store>> open_store(const Settings& settings, bool create) {
    const auto stores = open_stores(settings, create);
    if (!stores) {
        return tl::make_unexpected(stores.error());
    }
    return (*stores)->of(settings.organiser);
}

Status run_unit_add(const Settings& settings, const CommandLine& line) {
    if (Status good = check_unit(line.unit); !good) {
        return good;
    }
    const auto store = open_store(settings, true);
    if (!store) {
        return tl::make_unexpected(store.error());
    }
    return (*store)->add_unit(line.unit);
}

Status run_enroll(const Settings& settings, const CommandLine& line) {
    const auto store = open_store(settings, false);
    if (!store) {
        return tl::make_unexpected(store.error());
    }
    return give_code(**store, line.code, "", line.expires_hours);
}

Status give_code(Store& store, const std::string& unit, const std::string& replaces,
                 std::int64_t expires_hours) {
    const std::string code = make_enrolment_code(system_entropy());
    Secret secret;
    secret.hash = hash_secret(code);
    secret.kind = SecretKind::enrolment;
    secret.unit = unit;
    secret.device_id = replaces;
    secret.created_at = wall_now();
    secret.expires_at = secret.created_at + std::chrono::hours(expires_hours);
    if (Status added = store.add_secret(secret); !added) {
        return added;
    }
    return print(code + "\n");
}

}  // namespace kaiku::central
