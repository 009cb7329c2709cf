#pragma once

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "central/service/service.hpp"
#include "central/web/survey_form.hpp"
#include "sync/sealing.hpp"

namespace kaiku::central {

using Words = std::array<locales::Catalogue, survey::kLanguages.size()>;

/// What the web channel serves and needs.
struct WebEnvironment {
    std::function<survey::UtcSeconds()> now;
    Entropy entropy;
    Words words;  ///< in the order of survey::kLanguages
    std::vector<survey::Instrument> instruments;
    std::string instrument = "quick-nps";                 ///< served unless the unit has its own
    std::map<std::string, std::string> unit_instruments;  ///< unit code → instrument id
    bool https = true;  ///< the public address is https: browsers are told to keep to it
};

/// The survey on people's own phones: `/s/<unit code>` as plain HTML. Holds no session: everything
/// half-done travels in the page. Any thread may call handle().
class Web {
  public:
    static constexpr std::string_view kPrefix = "/s/";

    /// `service` and `key` must outlive this. Errc::not_found when a setting names an instrument
    /// that is not there.
    static Result<std::unique_ptr<Web>> make(Service& service, const sync::Opener& key,
                                             WebEnvironment environment);

    /// Whether this path is for handle().
    static bool is_path(std::string_view path) noexcept;
    /// Never throws.
    Reply handle(const Request& request) noexcept;

  private:
    /// One request in the making.
    struct Visit {
        const Unit& unit;
        const survey::Instrument* instrument;
        Draft draft;
        std::string notice;
        bool is_trouble = false;
        bool is_taken = false;  ///< begun on a terminal
    };

    Web(Service& service, const sync::Opener& key, WebEnvironment environment);
    Reply route(const Request& request);
    Reply show(const Request& request, const Unit& unit, const Fields& query);
    Reply receive(const Request& request, const Unit& unit);
    Reply store(Visit& visit, FieldErrors& errors);
    Reply draw(const Visit& visit, int status, const FieldErrors& errors) const;
    Reply thanks(const Unit& unit, survey::Language language) const;
    Reply sent_before(const Unit& unit, survey::Language language) const;
    Reply busy() const;
    Reply nothing_here() const;

    void take_along(const std::string& sealed, Visit& visit) const;
    const survey::Instrument* find(std::string_view id, int version) const;
    const survey::Instrument& instrument_of(const Unit& unit) const;
    const locales::Catalogue& words(survey::Language language) const {
        return environment_.words[static_cast<std::size_t>(language)];
    }

    Service& service_;
    const sync::Opener& key_;
    WebEnvironment environment_;
};

}  // namespace kaiku::central
