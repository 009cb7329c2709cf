#include "central/store/response_rows.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "sync/in_parallel.hpp"

namespace kaiku::central {
namespace {

using nlohmann::json;

sql::Values values_of(const std::string& organiser, const survey::Response& response) {
    const survey::Answers& answers = response.answers;
    json cant_say = json::array();
    for (const auto& [key, value] : answers.cant_say) {
        if (value) cant_say.push_back(key);
    }
    return {organiser,
            response.id.text(),
            seconds_of(response.answered_at),
            response.unit,
            survey::to_string(response.channel),
            survey::to_string(response.language),
            survey::to_string(response.respondent),
            response.assisted ? 1 : 0,
            response.instrument,
            response.version,
            answers.nps,
            json(answers.statements).dump(),
            cant_say.dump(),
            json(answers.choices).dump(),
            answers.text,
            json(response.misuse.flags).dump(),
            response.misuse.rule,
            survey::to_string(response.time)};
}

const sql::BulkInsert& into_responses() {
    static const sql::BulkInsert into{"responses",
                                      {{"organiser", "TEXT"},
                                       {"id", "UUID"},
                                       {"answered_at", "BIGINT"},
                                       {"unit", "TEXT"},
                                       {"channel", "TEXT"},
                                       {"language", "TEXT"},
                                       {"respondent", "TEXT"},
                                       {"assisted", "SMALLINT"},
                                       {"instrument", "TEXT"},
                                       {"version", "INTEGER"},
                                       {"nps", "SMALLINT"},
                                       {"statements", "TEXT"},
                                       {"cant_say", "TEXT"},
                                       {"choices", "TEXT"},
                                       {"text", "TEXT"},
                                       {"flags", "TEXT"},
                                       {"rule_version", "INTEGER"},
                                       {"time", "TEXT"}},
                                      "id"};
    return into;
}

constexpr const char* kSelected =
    "SELECT id, answered_at, unit, channel, language, respondent, assisted, instrument, version,"
    " nps, statements, cant_say, choices, text, flags, rule_version, time FROM responses"
    " WHERE organiser = $1 AND (answered_at, id) > ($2, $3) AND answered_at < $4"
    " ORDER BY answered_at, id LIMIT $5";

bool read_answers(const sql::Row& row, survey::Answers& answers) {
    if (!row.is_null(9)) answers.nps = static_cast<int>(row.integer(9));
    const json statements = json::parse(row.view(10), nullptr, false);
    const json cant_say = json::parse(row.view(11), nullptr, false);
    const json choices = json::parse(row.view(12), nullptr, false);
    if (!statements.is_object() || !cant_say.is_array() || !choices.is_object()) return false;
    for (const auto& [key, value] : statements.items()) {
        if (!value.is_number_integer()) return false;
        answers.statements[key] = value.get<int>();
    }
    for (const json& key : cant_say) {
        if (!key.is_string()) return false;
        answers.cant_say[key.get<std::string>()] = true;
    }
    for (const auto& [key, value] : choices.items()) {
        if (!value.is_string()) return false;
        answers.choices[key] = value.get<std::string>();
    }
    answers.text = row.text(13);
    return true;
}

bool read_verdict(const sql::Row& row, survey::Verdict& verdict) {
    const json flags = json::parse(row.view(14), nullptr, false);
    if (!flags.is_array()) return false;
    for (const json& flag : flags) {
        if (!flag.is_string()) return false;
        verdict.flags.insert(flag.get<std::string>());
    }
    verdict.rule = static_cast<int>(row.integer(15));
    return true;
}

std::optional<survey::Response> response_of(const sql::Row& row) {
    auto id = survey::ResponseId::parse(row.view(0));
    const auto channel = survey::channel_from(row.view(3));
    const auto language = survey::language_from(row.view(4));
    const auto respondent = survey::respondent_kind_from(row.view(5));
    const auto time = survey::time_kind_from(row.view(16));
    survey::Answers answers;
    survey::Verdict misuse;
    if (!id || !channel || !language || !respondent || !time || !read_answers(row, answers) ||
        !read_verdict(row, misuse)) {
        return std::nullopt;
    }
    return survey::Response{.id = *std::move(id),
                            .instrument = row.text(7),
                            .version = static_cast<int>(row.integer(8)),
                            .unit = row.text(2),
                            .channel = *channel,
                            .language = *language,
                            .respondent = *respondent,
                            .assisted = row.integer(6) != 0,
                            .answered_at = time_of(row.integer(1)),
                            .answers = std::move(answers),
                            .contact = {},
                            .misuse = std::move(misuse),
                            .time = *time};
}

bool is_selected(const Selection& selection, const survey::Response& response) {
    return (!selection.units || selection.units->contains(response.unit)) &&
           (selection.with_flagged || response.misuse.flags.empty()) &&
           (!selection.instrument || response.instrument == *selection.instrument) &&
           (!selection.version || response.version == *selection.version) &&
           (!selection.respondent ||
            survey::to_string(response.respondent) == *selection.respondent);
}

void insert_contact(Scope scope, const Submission& submission) {
    scope.db.execute(
        "INSERT INTO contacts (organiser, id, unit, received_day, language, contact)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        {scope.organiser, submission.contact_id, submission.response.unit, submission.received_day,
         survey::to_string(submission.response.language), submission.response.contact});
}

}  // namespace

std::vector<Stored> insert_responses(Scope scope, std::span<const Submission> submissions) {
    // In the order of ids: two processes with the same answers wait for each other, never in a
    // ring.
    std::vector<std::size_t> order(submissions.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return submissions[a].response.id.text() < submissions[b].response.id.text();
    });
    constexpr std::size_t kWorthAThread = 128;
    std::vector<sql::Values> rows(order.size());
    sync::in_parallel(order.size(), kWorthAThread, [&](std::size_t begin, std::size_t end) {
        for (std::size_t place = begin; place < end; ++place) {
            rows[place] = values_of(scope.organiser, submissions[order[place]].response);
        }
    });
    const auto is_new = scope.db.insert_new(into_responses(), rows);
    std::vector<Stored> outcomes(submissions.size(), Stored::before);
    for (std::size_t place = 0; place < order.size(); ++place) {
        if (!is_new[place]) continue;
        const Submission& submission = submissions[order[place]];
        outcomes[order[place]] = Stored::now;
        if (!submission.response.contact.empty()) insert_contact(scope, submission);
    }
    return outcomes;
}

bool has_response(Scope scope, const survey::ResponseId& id) {
    return scope.db
        .first("SELECT 1 FROM responses WHERE organiser = $1 AND id = $2",
               {scope.organiser, id.text()}, [](const sql::Row&) { return true; })
        .has_value();
}

Status visit_responses(Scope scope, const Selection& selection,
                       const std::function<bool(const survey::Response&)>& visit) {
    constexpr int kPage = 2000;
    std::int64_t hour = seconds_of(selection.from);
    std::string id = "00000000-0000-0000-0000-000000000000";  // comes before every id
    for (bool more = true; more;) {
        std::vector<survey::Response> page;
        bool readable = true;
        scope.db.run(kSelected,
                     sql::Values{scope.organiser, hour, id, seconds_of(selection.to), kPage},
                     [&](const sql::Row& row) {
                         auto response = response_of(row);
                         readable = response.has_value();
                         if (readable) page.push_back(*std::move(response));
                         return readable;
                     });
        if (!readable) {
            return fail(Errc::corrupt,
                        "store: a stored response cannot be read; restore from a backup");
        }
        more = page.size() == kPage;
        if (!page.empty()) {
            hour = seconds_of(page.back().answered_at);
            id = page.back().id.text();
        }
        for (const survey::Response& response : page) {
            if (is_selected(selection, response) && !visit(response)) return {};
        }
    }
    return {};
}

}  // namespace kaiku::central
