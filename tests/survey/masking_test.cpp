#include "survey/masking.hpp"

#include <string>

#include "tests/support/catch.hpp"

using kaiku::survey::mask_identifiers;

namespace {

struct Example {
    std::string text;
    std::string masked;
};

}  // namespace

TEST_CASE("identity codes are masked however they are written") {
    const Example example = GENERATE(values<Example>({
        {"131052-308T", "[hetu]"},
        {"Hetuni on 131052-308T.", "Hetuni on [hetu]."},
        {"hetu:131052-308t, kiitos", "hetu:[hetu], kiitos"},
        {"131052+308T", "[hetu]"},
        {"131052A308T", "[hetu]"},
        {"131052b308t", "[hetu]"},
        {"131052F308T 131052Y308T 131052x308T", "[hetu] [hetu] [hetu]"},
        {"131052W308T 131052V308T 131052U308T", "[hetu] [hetu] [hetu]"},
        {"131052–308T", "[hetu]"},
        {"131052—308T", "[hetu]"},
        {"131052−308T", "[hetu]"},
        {"131052‑308T", "[hetu]"},
        {"131052 - 308T", "[hetu]"},
        {"131052 -308T ja 131052- 308T", "[hetu] ja [hetu]"},
        {"131052 308T", "[hetu]"},
        {"131052308T", "[hetu]"},
        {"131052-308 T", "[hetu]"},
        {"13 10 52 - 308T", "[hetu]"},
        {"13.10.52-308T", "[hetu]"},
        {"1 3 1 0 5 2 - 3 0 8 T", "[hetu]"},
        {"131052-3080", "[hetu]"},
        {"131052 - 3080", "[hetu]"},
        {"131052\u00A0-\u00A0308T", "[hetu]"},
        {"131052\u00AD308T", "[hetu]"},
        {"131052\uFF0D308T, 131052\uFF0B308T", "[hetu], [hetu]"},
        {"131052\u202F-\u2060308T", "[hetu]"},
        {"13 10 52 - 308 X", "[hetu]"},
        {"131052-308Z", "[hetu]"},
        {"139952-308T", "[hetu]"},
        {"991352-308X", "[hetu]"},
        {"(131052-308T)", "([hetu])"},
        {"131052-308T:n tiedot", "[hetu]:n tiedot"},
        {"Soita131052-308T", "Soita[hetu]"},
        {"131052-308Tja", "[hetu]ja"},
        {"Min personbeteckning är 131052-308T", "Min personbeteckning är [hetu]"},
    }));
    const auto result = mask_identifiers(example.text);
    CHECK(result.text == example.masked);
    CHECK(result.identity_codes > 0);
    CHECK(result.total() == result.identity_codes);
}

TEST_CASE("phone numbers are masked however they are written") {
    const Example example = GENERATE(values<Example>({
        {"Soittakaa 040 123 4567", "Soittakaa [tel]"},
        {"0401234567", "[tel]"},
        {"puh.0401234567", "puh.[tel]"},
        {"040-1234567", "[tel]"},
        {"040-123 4567.", "[tel]."},
        {"040.123.4567", "[tel]"},
        {"040–123–4567", "[tel]"},
        {"040 12 34 567", "[tel]"},
        {"0 4 0 1 2 3 4 5 6 7", "[tel]"},
        {"0400 123 456", "[tel]"},
        {"050 12345", "[tel]"},
        {"08-12 34 56", "[tel]"},
        {"(+358) 40 123 4567", "[tel]"},
        {"(0401234567)", "([tel])"},
        {"050 1234 567!", "[tel]!"},
        {"+358 40 123 4567", "[tel]"},
        {"+358401234567", "[tel]"},
        {"+358 (0)40 123 4567", "[tel]"},
        {"+358-40-1234567", "[tel]"},
        {"00358 40 1234567", "[tel]"},
        {"358401234567", "[tel]"},
        {"09-1234567", "[tel]"},
        {"09 123 4567", "[tel]"},
        {"(09) 123 4567", "[tel]"},
        {"(09)1234567", "[tel]"},
        {"(040 123 4567)", "([tel])"},
        {"06-123 4567", "[tel]"},
        {"+46 70 123 45 67", "[tel]"},
        {"+44 20 7946 0958", "[tel]"},
        {"numero 0401234567 toimii", "numero [tel] toimii"},
        {"040 123 4567 10 kertaa", "[tel] 10 kertaa"},
        {"Ring 050-123 4567 eller 040 765 4321", "Ring [tel] eller [tel]"},
        {"0401234567, 0407654321", "[tel], [tel]"},
    }));
    const auto result = mask_identifiers(example.text);
    CHECK(result.text == example.masked);
    CHECK(result.total() == result.phone_numbers);
}

TEST_CASE("e-mail addresses are masked however they are written") {
    const Example example = GENERATE(values<Example>({
        {"matti.meikalainen@example.fi", "[email]"},
        {"Laita postia matti@example.fi.", "Laita postia [email]."},
        {"MATTI+kaiku@EXAMPLE.FI, kiitos", "[email], kiitos"},
        {"päivi.hämäläinen@esimerkki.fi", "[email]"},
        {"matti(at)example.fi", "[email]"},
        {"matti (at) example.fi", "[email]"},
        {"matti [at] example.fi", "[email]"},
        {"matti{at}example.fi", "[email]"},
        {"matti(ät)example.fi", "[email]"},
        {"MATTI(ÄT)EXAMPLE.FI", "[email]"},
        {"matti ät example.fi", "[email]"},
        {"matti ät example piste fi", "[email]"},
        {"anna snabel-a example.fi", "[email]"},
        {"anna (at) example punkt fi", "[email]"},
        {"matti miukumauku example.fi", "[email]"},
        {"matti @ example.fi", "[email]"},
        {"matti@example", "[email]"},
        {"<matti@mail.example.co.uk>", "<[email]>"},
        {"0401234567@example.fi", "[email]"},
        {"a@b.fi;c@d.fi", "[email];[email]"},
        {"matti@ex-ample.fi-", "[email]-"},
    }));
    const auto result = mask_identifiers(example.text);
    CHECK(result.text == example.masked);
    CHECK(result.email_addresses > 0);
    CHECK(result.total() == result.email_addresses);
}

TEST_CASE("ordinary sentences stay as they are") {
    const std::string text = GENERATE(values<std::string>({
        "",
        "Kiitos hyvästä hoidosta!",
        "Kävin 12.3.2024 klo 08:30 ja odotin 45 minuuttia.",
        "Kävin 01.02.2024 ja 05.06.2024.",
        "Aika oli 12.03.2024 klo 9.15–10.00.",
        "Avoinna 08-16, la 09.00-17.00 ja 10.00-14.00.",
        "Klo 08.00 - 16.00 arkisin",
        "Auki 08 00 - 16 00, 09 00 - 15 00.",
        "Jono 01 02 2024 oli pitkä, samoin 01-02-2024.",
        "2024-03-12T08:30:00Z",
        "Maksoin 41,20 € ja 0,50 € eli 41.70 euroa.",
        "Laskun summa oli 1 234 567,89 euroa.",
        "Hinta nousi 100 000 - 200 000 eurosta 300 000 euroon.",
        "Osoite on Esimerkkitie 5 A 12, 00100 Helsinki.",
        "65100 Vasa, 01300 Vantaa, 20100 Åbo",
        "Vuoronumero 045, huone 0123, ovi B210.",
        "Vuoronumeroni oli A045 ja jono 12 henkeä.",
        "Asteikolla 0 1 2 3 4 5 6 7 8 9 10 annan 9.",
        "Arvosana 0-10: 9, suosittelen 10/10!",
        "Soitin numeroon 112 ja 116117, sitten 116 117.",
        "Ring 112 i nödfall och 116117 i brådskande ärenden.",
        "Y-tunnus 1234567-8.",
        "Olin osastolla 3 viikkoa ja 2 päivää, huoneessa 12-3.",
        "Lääke 500 mg 3 x 1, verenpaine 120/80 ja syke 60-70.",
        "Hb 135, CRP 12, lämpö 38,5.",
        "Kerros 2, huone 204, klo 12-14.",
        "Odotin 90 min, 60 min ja 30 min.",
        "Sain ajan 3.4. klo 14:15-14:45.",
        "Bussit 01 02 03 04 05 pysähtyvät tässä.",
        "Vuodet 2010 2011 2012 2013 2014 olivat hyviä.",
        "Diaarinumero 123456 / 2024.",
        "Jag väntade 2 timmar, kl. 08.15-10.15.",
        "Jag betalade 23,90 € den 12.3.2024.",
        "Pris 100 000-200 000 euro",
        "Look at page 5 at www.example.fi please.",
        "Ystävällinen ät, kummallinen sana (at) yksin.",
        "Hinta 5 kpl @ 3 €",
        "Maksoin 200000 - 1500 euroa, 995252 - 3080",
        "§ 5 ja © 2024, 12 §",
        "0 (((( 401234567",
        "Arvio: @ hyvä",
        "Väli 12.03.24 - 300 e, 12.03.24-300e",
        "Soitin 040 123 kertaa, 0100-sarjan numeroihin",
        "Tilaus 000123456789012345 ja 0123456789012345",
        "1 000 000 000",
        "+10 % ja +20 000 euroa",
        "0",
        "00",
        "000 000 000 000",
        "+",
        "(0",
        "( ) ( )",
        "@",
        "a@",
        "@a",
        "Emoji 😀 – ja ”lainaus” …",
        "[hetu] [tel] [email]",
    }));
    const auto result = mask_identifiers(text);
    CHECK(result.text == text);
    CHECK(result.total() == 0);
}

TEST_CASE("several identifiers in one text are all counted") {
    const auto result = mask_identifiers(
        "Olen Matti, 131052-308T, soita 040 123 4567 tai matti@example.fi. Äitini on 010101-123N.");
    CHECK(result.text == "Olen Matti, [hetu], soita [tel] tai [email]. Äitini on [hetu].");
    CHECK(result.identity_codes == 2);
    CHECK(result.phone_numbers == 1);
    CHECK(result.email_addresses == 1);
    CHECK(result.total() == 4);
}

TEST_CASE("input that is not UTF-8 keeps its other bytes") {
    const std::string text = "\xFF\xC3 131052-308T \x80\xE2\x80 040 123 4567\xC2";
    CHECK(mask_identifiers(text).text == "\xFF\xC3 [hetu] \x80\xE2\x80 [tel]\xC2");
}
