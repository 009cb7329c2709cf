#include "tests/support/instruments.hpp"

namespace kaiku::test {

namespace {

using survey::LocalizedText;
using survey::Question;
using survey::QuestionKind;

LocalizedText said(const std::string& text) {
    return {{{{text + " fi", true}, {text + " sv", false}, {text + " en", false}}}};
}

Question asked(const std::string& key, QuestionKind kind) {
    Question question;
    question.key = key;
    question.kind = kind;
    question.text = said(key);
    return question;
}

survey::Instrument bare(const std::string& id) {
    survey::Instrument instrument;
    instrument.id = id;
    instrument.version = 3;
    instrument.source = "test";
    instrument.title = said(id);
    for (auto& label : instrument.agreement) label = said("label");
    instrument.respondents = {survey::RespondentKind::adult};
    return instrument;
}

survey::Instrument make_full() {
    survey::Instrument instrument = bare("full");
    Question help = asked("help", QuestionKind::statement);
    help.cant_say = true;
    Question visit = asked("visit", QuestionKind::choice);
    visit.options = {{"first", said("first")}, {"again", said("again")}};
    visit.ask_if = survey::Condition{"nps", survey::Condition::Comparison::less_equal, 6};
    Question text = asked("text", QuestionKind::open_text);
    text.max_characters = 40;
    Question contact = asked("contact", QuestionKind::contact);
    contact.max_characters = 60;
    instrument.questions = {asked("nps", QuestionKind::nps), help, visit, text, contact};
    return instrument;
}

survey::Instrument make_short() {
    survey::Instrument instrument = bare("short");
    Question text = asked("text", QuestionKind::open_text);
    text.max_characters = 500;
    instrument.questions = {asked("nps", QuestionKind::nps), text};
    return instrument;
}

}  // namespace

const survey::Instrument& full_instrument() {
    static const survey::Instrument instrument = make_full();
    return instrument;
}

const survey::Instrument& short_instrument() {
    static const survey::Instrument instrument = make_short();
    return instrument;
}

}  // namespace kaiku::test
