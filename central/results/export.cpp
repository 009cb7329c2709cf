#include "central/results/export.hpp"

#include <set>

#include "central/results/csv.hpp"
#include "survey/wire.hpp"

namespace kaiku::central {
namespace {

struct Columns {
    std::set<std::string> statements;
    std::set<std::string> choices;
    std::set<std::string> cant_say;
};

/// Runs through the responses, ending at the first failure of `take`.
Status each(Store& store, const Selection& selection,
            const std::function<Status(const survey::Response&)>& take) {
    Status taken;
    const Status read = store.visit(selection, [&](const survey::Response& response) {
        taken = take(response);
        return taken.has_value();
    });
    return read ? taken : read;
}

std::string header_of(const Columns& columns) {
    std::string header =
        "id,answered_at,unit,channel,language,respondent,assisted,instrument,version,nps,text,"
        "flags,rule_version,time";
    for (const std::string& key : columns.statements) {
        header += ",statement." + key;
    }
    for (const std::string& key : columns.choices) {
        header += ",choice." + key;
    }
    for (const std::string& key : columns.cant_say) {
        header += ",cant_say." + key;
    }
    return header + "\r\n";
}

std::string line_of(const survey::Response& response, const Columns& columns) {
    const survey::Answers& answers = response.answers;
    CsvLine line;
    line.text(response.id.text()).text(survey::format_rfc3339(response.answered_at));
    line.text(response.unit).text(survey::to_string(response.channel));
    line.text(survey::to_string(response.language)).text(survey::to_string(response.respondent));
    line.text(response.assisted ? "1" : "0").text(response.instrument).integer(response.version);
    line.text(answers.nps ? std::to_string(*answers.nps) : "").free_text(answers.text);
    std::string flags;
    for (const std::string& flag : response.misuse.flags) {
        flags += (flags.empty() ? "" : " ") + flag;
    }
    line.text(flags).integer(response.misuse.rule).text(survey::to_string(response.time));
    for (const std::string& key : columns.statements) {
        const auto found = answers.statements.find(key);
        line.text(found == answers.statements.end() ? "" : std::to_string(found->second));
    }
    for (const std::string& key : columns.choices) {
        const auto found = answers.choices.find(key);
        line.text(found == answers.choices.end() ? "" : found->second);
    }
    for (const std::string& key : columns.cant_say) {
        line.text(answers.cant_say.contains(key) ? "1" : "");
    }
    return line.finish();
}

}  // namespace

Status export_jsonl(Store& store, const Selection& selection, const Sink& sink) {
    return each(store, selection, [&](const survey::Response& response) {
        return sink(survey::encode_response(response) + "\n");
    });
}

Status export_csv(Store& store, const Selection& selection, const Sink& sink) {
    Columns columns;
    Status read = each(store, selection, [&](const survey::Response& response) -> Status {
        for (const auto& [key, value] : response.answers.statements) {
            columns.statements.insert(key);
        }
        for (const auto& [key, value] : response.answers.choices) {
            columns.choices.insert(key);
        }
        for (const auto& [key, value] : response.answers.cant_say) {
            columns.cant_say.insert(key);
        }
        return {};
    });
    if (!read) {
        return read;
    }
    if (Status written = sink(header_of(columns)); !written) {
        return written;
    }
    return each(store, selection,
                [&](const survey::Response& response) { return sink(line_of(response, columns)); });
}

}  // namespace kaiku::central
