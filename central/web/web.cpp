#include "central/web/web.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>

#include "central/web/page.hpp"
#include "survey/respondent_flow.hpp"
#include "survey/take_along.hpp"

namespace kaiku::central {
namespace {

using locales::Key;

constexpr std::string_view kPrefix = Web::kPrefix;
constexpr std::string_view kDone = "/done";

bool same_letters(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    });
}

/// The unit with this code; one that somebody typed may be in other case, if only one fits.
const Unit* find_unit(const std::vector<Unit>& units, std::string_view code) {
    const Unit* close = nullptr;
    std::size_t count = 0;
    for (const Unit& unit : units) {
        if (unit.code == code) return &unit;
        if (same_letters(unit.code, code)) {
            close = &unit;
            ++count;
        }
    }
    return count == 1 ? close : nullptr;
}

/// The first language of an Accept-Language header that we speak.
survey::Language preferred(std::string_view header) {
    while (!header.empty()) {
        const auto comma = header.find(',');
        std::string_view tag = header.substr(0, comma);
        while (tag.starts_with(' ')) tag.remove_prefix(1);
        if (const auto known = survey::language_from(tag.substr(0, 2));
            known && (tag.size() == 2 || tag[2] == '-' || tag[2] == ';')) {
            return *known;
        }
        header.remove_prefix(comma == std::string_view::npos ? header.size() : comma + 1);
    }
    return survey::Language::fi;
}

survey::ResponseId new_id(const Entropy& entropy) {
    std::array<std::uint8_t, 16> random{};
    entropy(random);
    return survey::ResponseId::from_random(random);
}

survey::Channel channel_of(std::string_view via) {
    return via == "web" ? survey::Channel::web : survey::Channel::qr;
}

/// The page a form says it shows, if there is such a page.
std::size_t page_of(const survey::Instrument& instrument, const std::string& text) {
    for (std::size_t page = 0; page < instrument.questions.size();
         page = page_end(instrument, page)) {
        if (std::to_string(page) == text) return page;
    }
    return 0;
}

/// The page of the first question that has an error.
std::size_t page_of(const survey::Instrument& instrument, const FieldErrors& errors,
                    std::size_t present) {
    std::size_t found = present;
    bool on_present = false;
    for (std::size_t page = 0; page < instrument.questions.size();) {
        const std::size_t end = page_end(instrument, page);
        for (std::size_t i = page; i < end; ++i) {
            if (!errors.contains(instrument.questions[i].key)) continue;
            on_present = on_present || page == present;
            found = page;
        }
        page = end;
    }
    return on_present ? present : found;
}

}  // namespace

Result<std::unique_ptr<Web>> Web::make(Service& service, const sync::Opener& key,
                                       WebEnvironment environment) {
    const auto known = [&](const std::string& id) {
        return std::any_of(environment.instruments.begin(), environment.instruments.end(),
                           [&](const auto& instrument) { return instrument.id == id; });
    };
    std::vector<std::string> named{environment.instrument};
    for (const auto& [unit, id] : environment.unit_instruments) named.push_back(id);
    for (const std::string& id : named) {
        if (!known(id)) {
            return fail(Errc::not_found, "web: there is no instrument '" + id +
                                             "'; put its file into share/kaiku/instruments");
        }
    }
    return std::unique_ptr<Web>(new Web(service, key, std::move(environment)));
}

Web::Web(Service& service, const sync::Opener& key, WebEnvironment environment)
    : service_(service), key_(key), environment_(std::move(environment)) {}

bool Web::is_path(std::string_view path) noexcept { return path.starts_with(kPrefix); }

Reply Web::handle(const Request& request) noexcept {
    try {
        Reply reply = route(request);
        if (environment_.https) {
            reply.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
        }
        reply.route = "/s/{code}";
        return reply;
    } catch (const std::exception& exception) {
        spdlog::error("a page failed: {}", typeid(exception).name());
    } catch (...) {
        spdlog::error("a page failed");
    }
    return Reply{500, "text/plain; charset=utf-8", "Internal error; nothing was stored.\n", {}};
}

Reply Web::route(const Request& request) {
    if (request.method != "GET" && request.method != "POST") {
        Reply reply{405, "text/plain; charset=utf-8", "Method not allowed\n", {}};
        reply.headers.emplace_back("Allow", "GET, HEAD, POST");
        return reply;
    }
    const auto units = service_.units();
    if (!units) return busy();
    std::string_view code = std::string_view(request.path).substr(kPrefix.size());
    const bool done = code.ends_with(kDone);
    if (done) code.remove_suffix(kDone.size());
    const Unit* unit = find_unit(*units, code);
    if (unit == nullptr) return nothing_here();
    if (request.method == "POST") return done ? nothing_here() : receive(request, *unit);
    const Fields query = parse_fields(request.query).value_or(Fields());
    if (!done) return show(request, *unit, query);
    return thanks(
        *unit,
        survey::language_from(field(query, "lang")).value_or(preferred(request.accept_language)));
}

const survey::Instrument* Web::find(std::string_view id, int version) const {
    for (const auto& instrument : environment_.instruments) {
        if (instrument.id == id && instrument.version == version) return &instrument;
    }
    return nullptr;
}

const survey::Instrument& Web::instrument_of(const Unit& unit) const {
    const auto own = environment_.unit_instruments.find(unit.code);
    const std::string& id =
        own == environment_.unit_instruments.end() ? environment_.instrument : own->second;
    for (const auto& instrument : environment_.instruments) {
        if (instrument.id == id) return instrument;
    }
    KAIKU_ASSERT(!"make() checked that it is there");
    return environment_.instruments.front();
}

void Web::take_along(const std::string& sealed, Visit& visit) const {
    const auto plain = key_.open(sealed);
    const auto taken =
        plain ? survey::decode_take_along(
                    *plain, [this](std::string_view id, int version) { return find(id, version); })
              : Result<survey::TakeAlong>(tl::make_unexpected(plain.error()));
    if (!taken || !survey::is_take_along_fresh(taken->made_at, environment_.now())) {
        visit.notice = words(visit.draft.language)[Key::web_expired];
        return;
    }
    visit.is_taken = true;
    visit.instrument = find(taken->instrument, taken->version);
    visit.draft.id = taken->id;
    visit.draft.language = taken->language;
    visit.draft.respondent = taken->respondent;
    visit.draft.assisted = taken->assisted;
    visit.draft.answers = taken->answers;
    visit.notice = words(visit.draft.language)[Key::web_taken];
}

Reply Web::show(const Request& request, const Unit& unit, const Fields& query) {
    Visit visit{unit, &instrument_of(unit), Draft{.id = new_id(environment_.entropy)}, {}, false};
    const auto chosen = survey::language_from(field(query, "lang"));
    visit.draft.language = chosen.value_or(preferred(request.accept_language));
    visit.draft.channel = channel_of(field(query, "via"));
    if (const std::string& sealed = field(query, "t"); !sealed.empty()) take_along(sealed, visit);
    if (visit.is_taken) {  // once it has arrived, from here or from the terminal, nobody sees it
        const auto sent = service_.holds(visit.draft.id);
        if (!sent) return busy();
        if (*sent) return sent_before(unit, chosen.value_or(visit.draft.language));
    }
    return draw(visit, 200, {});
}

Reply Web::receive(const Request& request, const Unit& unit) {
    const auto fields = request.content_type.starts_with("application/x-www-form-urlencoded")
                            ? parse_fields(request.body)
                            : std::nullopt;
    Visit visit{unit, &instrument_of(unit), Draft{.id = new_id(environment_.entropy)}, {}, false};
    Draft& draft = visit.draft;
    draft.language = preferred(request.accept_language);
    const auto id = fields ? survey::ResponseId::parse(field(*fields, "id")) : std::nullopt;
    if (!id) {
        visit.is_trouble = true;
        visit.notice = words(draft.language)[Key::web_unreadable];
        return draw(visit, 400, {});
    }
    draft.id = *id;
    draft.language = survey::language_from(field(*fields, "lang")).value_or(draft.language);
    draft.channel = channel_of(field(*fields, "via"));
    draft.respondent = survey::respondent_kind_from(field(*fields, "respondent"))
                           .value_or(survey::RespondentKind::adult);
    draft.assisted = field(*fields, "assisted") == "1";
    const std::string& named = field(*fields, "instrument");
    const auto& all = environment_.instruments;
    const auto shown = std::find_if(all.begin(), all.end(), [&](const auto& known) {
        return known.id + "." + std::to_string(known.version) == named;
    });
    if (shown != all.end()) visit.instrument = &*shown;
    read_answers(*visit.instrument, *fields, draft);
    draft.page = page_of(*visit.instrument, field(*fields, "page"));
    FieldErrors errors;
    if (shown == all.end()) {  // the survey was replaced while the page was open
        visit.is_trouble = true;
        visit.notice = words(draft.language)[Key::web_changed];
        draft.page = 0;
        return draw(visit, 422, errors);
    }
    if (const auto other = survey::language_from(field(*fields, "to"))) {
        draft.language = *other;
        return draw(visit, 200, errors);
    }
    if (field(*fields, "go") == "back") {
        draft.page = previous_page(*visit.instrument, draft);
        return draw(visit, 200, errors);
    }
    errors = check_texts(*visit.instrument, draft, words(draft.language));
    if (const auto next = next_page(*visit.instrument, draft); next && errors.empty()) {
        draft.page = *next;
        return draw(visit, 200, errors);
    }
    return store(visit, errors);
}

Reply Web::store(Visit& visit, FieldErrors& errors) {
    Draft& draft = visit.draft;
    const survey::Instrument& instrument = *visit.instrument;
    const auto& said = words(draft.language);
    visit.is_trouble = true;
    if (!errors.empty()) {
        draft.page = page_of(instrument, errors, draft.page);
        visit.notice = said[Key::web_not_sent];
        return draw(visit, 422, errors);
    }
    survey::Answers answers = survey::prune_unasked(instrument, draft.answers);
    if (answers.empty() && draft.contact.empty()) {
        visit.notice = said[Key::web_nothing];
        return draw(visit, 422, errors);
    }
    survey::Response response{.id = draft.id,
                              .instrument = instrument.id,
                              .version = instrument.version,
                              .unit = visit.unit.code,
                              .channel = draft.channel,
                              .language = draft.language,
                              .respondent = draft.respondent,
                              .assisted = draft.assisted,
                              .answered_at = environment_.now(),
                              .answers = std::move(answers),
                              .contact = {}};
    for (std::size_t i = 0; i < instrument.questions.size(); ++i) {
        if (instrument.questions[i].kind == survey::QuestionKind::contact &&
            survey::is_asked(instrument, i, draft.answers)) {
            response.contact = draft.contact;
        }
    }
    const auto stored = service_.accept(response);
    if (stored) {
        return see_other(std::string(kPrefix) + visit.unit.code + std::string(kDone) +
                         "?lang=" + std::string(survey::to_string(draft.language)));
    }
    const bool refused =
        stored.error().code == Errc::invalid || stored.error().code == Errc::too_large;
    visit.notice = said[refused ? Key::web_unreadable : Key::web_busy];
    Reply reply = draw(visit, refused ? 422 : 503, errors);
    if (!refused) reply.headers.emplace_back("Retry-After", "10");
    return reply;
}

}  // namespace kaiku::central
