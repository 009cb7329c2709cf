#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

/// Instruments for the tests of the loader and of its schema.
namespace kaiku::survey::test {

/// A valid instrument with every kind of question and every field.
inline nlohmann::json full_instrument() {
    return nlohmann::json::parse(R"json({
      "$schema": "../instrument-1.schema.json", "format": 1, "id": "full-1", "version": 3,
      "source": "test", "variant_of": "full-0", "read_aloud": true,
      "respondents": ["adult", "youth", "child", "relative"],
      "title": {"fi": {"text": "Otsikko", "verified": true}, "sv": {"text": "Rubrik", "verified": true},
                "en": {"text": "Title", "verified": true}},
      "agreement": {}, "questions": [
        {"key": "nps", "kind": "nps", "text": 0, "hint": 0, "low": 0, "high": 0},
        {"key": "help", "kind": "statement", "text": 0, "hint": 0, "cant_say": true,
         "picture": "owl"},
        {"key": "why", "kind": "statement", "text": 0,
         "ask_if": {"question": "nps", "is": "<=", "value": 6}},
        {"key": "way", "kind": "choice", "text": 0, "options": [{"key": "bus", "text": 0},
         {"key": "car", "text": 0}], "ask_if": {"question": "help", "is": "!=", "value": 5}},
        {"key": "text", "kind": "open_text", "text": 0, "max_characters": 2000,
         "ask_if": {"question": "nps", "is": ">=", "value": 0}},
        {"key": "contact", "kind": "contact", "text": 0, "max_characters": 200,
         "ask_if": {"question": "why", "is": "=", "value": 1}}
      ]})json");
}

/// The same with the short-hand 0 replaced by a text.
inline nlohmann::json filled(nlohmann::json instrument) {
    const nlohmann::json text = instrument["title"];
    for (const char* step : {"1", "2", "3", "4", "5"}) instrument["agreement"][step] = text;
    for (auto& question : instrument["questions"]) {
        for (const char* field : {"text", "hint", "low", "high"})
            if (question.contains(field)) question[field] = text;
        if (!question.contains("options")) continue;
        for (auto& option : question["options"]) option["text"] = text;
    }
    return instrument;
}

inline std::string read_source_file(const std::string& path) {
    std::ifstream file(std::string(KAIKU_SOURCE_DIR) + "/" + path, std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

}  // namespace kaiku::survey::test
