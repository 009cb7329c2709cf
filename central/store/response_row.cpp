#include "central/store/response_row.hpp"

#include <nlohmann/json.hpp>

namespace kaiku::central {
namespace {

using nlohmann::json;

Result<survey::Response> damaged() {
    return fail(Errc::corrupt, "store: a stored response cannot be read; restore from a backup");
}

bool read_answers(SQLite::Statement& row, survey::Answers& answers) {
    if (!row.getColumn(9).isNull()) {
        answers.nps = row.getColumn(9).getInt();
    }
    const json statements = json::parse(row.getColumn(10).getString(), nullptr, false);
    const json cant_say = json::parse(row.getColumn(11).getString(), nullptr, false);
    const json choices = json::parse(row.getColumn(12).getString(), nullptr, false);
    if (!statements.is_object() || !cant_say.is_array() || !choices.is_object()) {
        return false;
    }
    for (const auto& [key, value] : statements.items()) {
        if (!value.is_number_integer()) {
            return false;
        }
        answers.statements[key] = value.get<int>();
    }
    for (const json& key : cant_say) {
        if (!key.is_string()) {
            return false;
        }
        answers.cant_say[key.get<std::string>()] = true;
    }
    for (const auto& [key, value] : choices.items()) {
        if (!value.is_string()) {
            return false;
        }
        answers.choices[key] = value.get<std::string>();
    }
    answers.text = row.getColumn(13).getString();
    return true;
}

bool read_verdict(SQLite::Statement& row, survey::Verdict& verdict) {
    const json flags = json::parse(row.getColumn(14).getString(), nullptr, false);
    if (!flags.is_array()) {
        return false;
    }
    for (const json& flag : flags) {
        if (!flag.is_string()) {
            return false;
        }
        verdict.flags.insert(flag.get<std::string>());
    }
    verdict.rule = row.getColumn(15).getInt();
    return true;
}

}  // namespace

void bind_response(SQLite::Statement& statement, const survey::Response& response) {
    const survey::Answers& answers = response.answers;
    json cant_say = json::array();
    for (const auto& [key, value] : answers.cant_say) {
        if (value) {
            cant_say.push_back(key);
        }
    }
    statement.bind(1, response.id.text());
    statement.bind(2, static_cast<std::int64_t>(response.answered_at.time_since_epoch().count()));
    statement.bind(3, response.unit);
    statement.bind(4, std::string(survey::to_string(response.channel)));
    statement.bind(5, std::string(survey::to_string(response.language)));
    statement.bind(6, std::string(survey::to_string(response.respondent)));
    statement.bind(7, response.assisted ? 1 : 0);
    statement.bind(8, response.instrument);
    statement.bind(9, response.version);
    if (answers.nps) {
        statement.bind(10, *answers.nps);
    } else {
        statement.bind(10);
    }
    statement.bind(11, json(answers.statements).dump());
    statement.bind(12, cant_say.dump());
    statement.bind(13, json(answers.choices).dump());
    statement.bind(14, answers.text);
    statement.bind(15, json(response.misuse.flags).dump());
    statement.bind(16, response.misuse.rule);
    statement.bind(17, std::string(survey::to_string(response.time)));
}

Result<survey::Response> read_response(SQLite::Statement& row) {
    auto id = survey::ResponseId::parse(row.getColumn(0).getString());
    const auto channel = survey::channel_from(row.getColumn(3).getString());
    const auto language = survey::language_from(row.getColumn(4).getString());
    const auto respondent = survey::respondent_kind_from(row.getColumn(5).getString());
    const auto time = survey::time_kind_from(row.getColumn(16).getString());
    if (!id || !channel || !language || !respondent || !time) {
        return damaged();
    }
    survey::Answers answers;
    survey::Verdict misuse;
    if (!read_answers(row, answers) || !read_verdict(row, misuse)) {
        return damaged();
    }
    return survey::Response{
        .id = *std::move(id),
        .instrument = row.getColumn(7).getString(),
        .version = row.getColumn(8).getInt(),
        .unit = row.getColumn(2).getString(),
        .channel = *channel,
        .language = *language,
        .respondent = *respondent,
        .assisted = row.getColumn(6).getInt() != 0,
        .answered_at = survey::UtcSeconds(std::chrono::seconds(row.getColumn(1).getInt64())),
        .answers = std::move(answers),
        .contact = {},
        .misuse = std::move(misuse),
        .time = *time};
}

bool has_response(SQLite::Database& database, const survey::ResponseId& id) {
    SQLite::Statement query(database, "SELECT 1 FROM responses WHERE id = ?");
    query.bind(1, id.text());
    return query.executeStep();
}

}  // namespace kaiku::central
