"""The report's figures against an independent calculation from the same responses."""
import collections
import csv
import datetime
import io
import json
import math
import random
import zoneinfo

from central_fixture import batch, central, response, run

HELSINKI = zoneinfo.ZoneInfo("Europe/Helsinki")
UNITS = {"a": None, "b": "a", "c": "a", "d": "b", "e": None}
Z = 1.959963984540054


def make_responses(seed, count):
    """Responses of October and November 2026 with a known, uneven distribution."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        start = datetime.datetime(2026, 10, 1, tzinfo=HELSINKI)
        at = start + datetime.timedelta(hours=rng.randrange(61 * 24 + 1))
        answers = {}
        if rng.random() < 0.9:
            answers["nps"] = rng.choices(range(11), [2, 1, 1, 1, 2, 4, 5, 9, 20, 30, 25])[0]
        answers["statements"] = {key: rng.choices(range(1, 6), [1, 2, 4, 8, 12])[0]
                                 for key in ("help", "safe", "easy") if rng.random() < 0.8}
        made.append(response(
            unit=rng.choices(list(UNITS), [1, 3, 5, 4, 6])[0],
            channel=rng.choices(["kiosk", "sms", "web"], [6, 3, 1])[0],
            language=rng.choices(["fi", "sv", "en"], [6, 3, 1])[0],
            respondent=rng.choices(["adult", "youth", "child", "relative"], [9, 3, 2, 2])[0],
            assisted=rng.random() < 0.2,
            instrument=rng.choices(["quick-nps", "own-survey"], [7, 3])[0], version=rng.choice([1, 2]),
            answered_at=at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            answers=answers))
    return made


def belongs(unit, ancestor):
    while unit is not None:
        if unit == ancestor:
            return True
        unit = UNITS[unit]
    return False


def local_day(one):
    at = datetime.datetime.fromisoformat(one["answered_at"].replace("Z", "+00:00"))
    return at.astimezone(HELSINKI).date().isoformat()


def close(left, right):
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)


def check_nps(found, chosen):
    scores = [one["answers"]["nps"] for one in chosen if "nps" in one["answers"]]
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    n = len(scores)
    assert (found["n"], found["promoters"], found["detractors"]) == (n, promoters, detractors)
    assert found["passives"] == n - promoters - detractors
    if n == 0:
        assert found["value"] is None
        return
    assert close(found["value"], 100 * (promoters - detractors) / n)
    # Adjusted Wald: 3 more answers, three quarters of one to each end.
    m, p, d = n + 3, (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = Z * math.sqrt((p + d - (p - d) ** 2) / m)
    for bound, value in (("low", p - d - half), ("high", p - d + half)):
        expected = 100 * min(1, max(-1, value))
        assert abs(found[bound] - expected) < 0.01, (bound, found, expected)


def check_group(found, chosen):
    assert found["n"] == len(chosen), (found["n"], len(chosen))
    check_nps(found["nps"], chosen)
    for key in ("help", "safe", "easy"):
        values = [one["answers"]["statements"][key] for one in chosen
                  if key in one["answers"]["statements"]]
        if not values:
            assert key not in found["statements"]
            continue
        statement = found["statements"][key]
        assert statement["n"] == len(values)
        assert close(statement["mean"], sum(values) / len(values))
        assert close(statement["agree_pct"], 100 * sum(v >= 4 for v in values) / len(values))
    channels = {}
    for one in chosen:
        channels[one["channel"]] = channels.get(one["channel"], 0) + 1
    assert found["channels"] == channels
    assert found["respondents"] == collections.Counter(one["respondent"] for one in chosen)
    assert found["assisted"] == sum(one["assisted"] for one in chosen)
    check_instruments(found["instruments"], chosen)


def check_instruments(found, chosen):
    counts = collections.Counter((one["instrument"], one["version"]) for one in chosen)
    assert [(each["id"], each["version"], each["n"]) for each in found] == sorted(
        (*asked, n) for asked, n in counts.items())


def fill(server, responses):
    for code, parent in UNITS.items():
        server.add_unit(code, parent)
    device = server.device("a")
    connection = server.connect()
    for start in range(0, len(responses), 200):
        part = responses[start:start + 200]
        status, _, body = server.request("POST", "/v1/batches", batch(*part), device,
                                         connection=connection)
        assert status == 200 and not json.loads(body)["receipt"]["refused"], body
    connection.close()


def report(server, *more, form="json"):
    return server.command("report", "--from", "2026-11-01", "--to", "2026-11-30", "--format", form,
                          *more)[1]


def in_period(responses, first, last):
    return [one for one in responses if first <= local_day(one) <= last]


def figures_equal_an_independent_calculation():
    responses = make_responses(20261122, 3000)
    with central() as server:
        fill(server, responses)
        november = in_period(responses, "2026-11-01", "2026-11-30")
        before = in_period(responses, "2026-10-01", "2026-10-31")
        assert 1000 < len(november) < 2000 and 1000 < len(before) < 2000
        for split in ("", "unit", "channel", "language", "unit,channel,language", "respondent",
                      "instrument", "unit,respondent,instrument"):
            more = ["--by", split] if split else []
            found = json.loads(report(server, "--min-n", "1", *more))
            assert found["period"] == {"from": "2026-11-01", "to": "2026-11-30"}
            assert found["previous_period"] == {"from": "2026-10-01", "to": "2026-10-31"}
            check_group(found["total"], november)
            check_nps(found["total"]["previous"]["nps"], before)
            check_instruments(found["total"]["previous"]["instruments"], before)
            change = found["total"]["change"]
            assert close(change["value"], found["total"]["nps"]["value"]
                         - found["total"]["previous"]["nps"]["value"])
            assert change["beyond_chance"] == (change["low"] > 0 or change["high"] < 0)
            check_groups(found["groups"], november, split.split(",") if split else [])
        found = json.loads(report(server, "--unit", "b", "--min-n", "1"))
        check_group(found["total"], [one for one in november if belongs(one["unit"], "b")])


def key_of(one, split):
    """What a response counts under, but for the unit, which has ancestors."""
    asked = (one["instrument"], one["version"])
    return tuple(value if name in split else None
                 for name, value in (("channel", one["channel"]), ("language", one["language"]),
                                     ("respondent", one["respondent"]), ("instrument", asked)))


def key_of_group(group):
    asked = group["instrument"] and (group["instrument"]["id"], group["instrument"]["version"])
    return group["channel"], group["language"], group["respondent"], asked


def check_groups(groups, november, split):
    expected = set()
    for one in november:
        units = [u for u in UNITS if belongs(one["unit"], u)] if "unit" in split else [None]
        expected |= {(u, key_of(one, split)) for u in units}
    if not split:
        expected = set()
    assert {(group["unit"], key_of_group(group)) for group in groups} == expected
    for group in groups:
        check_group(group, [one for one in november
                            if (group["unit"] is None or belongs(one["unit"], group["unit"]))
                            and key_of_group(group) == key_of(one, split)])


def figures_can_be_narrowed_to_one_survey_and_one_kind_of_respondent():
    responses = make_responses(41, 800)
    with central() as server:
        fill(server, responses)
        november = in_period(responses, "2026-11-01", "2026-11-30")
        for more, chosen in (
                (["--instrument", "own-survey"], lambda one: one["instrument"] == "own-survey"),
                (["--instrument", "quick-nps:2"],
                 lambda one: (one["instrument"], one["version"]) == ("quick-nps", 2)),
                (["--respondent", "child"], lambda one: one["respondent"] == "child"),
                (["--respondent", "relative", "--instrument", "quick-nps", "--unit", "b"],
                 lambda one: one["respondent"] == "relative" and one["instrument"] == "quick-nps"
                 and belongs(one["unit"], "b"))):
            found = json.loads(report(server, "--min-n", "1", *more))
            check_group(found["total"], [one for one in november if chosen(one)])
            assert found["instrument"] in (None, *more) or "quick-nps:2" in more
            out = server.command("export", "--format", "jsonl", *more)[1]
            assert {json.loads(line)["id"] for line in out.splitlines()} == {
                one["id"] for one in responses if chosen(one)}
        assert json.loads(report(server, "--instrument", "nothing-like-it"))["total"]["n"] == 0
        for wrong in ("quick-nps:", "quick-nps:0", "quick-nps:x", ":1", "quick-nps:1:1"):
            assert refusal(server, "--instrument", wrong).startswith("kaiku-central: --instrument")
        assert "none of adult, youth" in refusal(server, "--respondent", "adults")


def refusal(server, *more):
    code, out, err = server.command("report", "--from", "2026-11-01", "--to", "2026-11-30",
                                    "--format", "json", *more, check=False)
    assert code != 0 and out == ""
    return err


def several_surveys_are_never_pooled_without_a_word():
    said = {"fi": ("Luvuissa on yhdessä 3 kyselyä", "Edellisellä jaksolla kysyttiin muuta"),
            "sv": ("slår ihop 3 enkäter", "Under perioden före frågades något annat"),
            "en": ("pool 3 surveys", "The period before asked something else")}
    asked = [("quick-nps", 1, 11, 20), ("quick-nps", 2, 11, 30), ("own-survey", 1, 11, 10),
             ("quick-nps", 1, 10, 25)]
    responses = [response(instrument=name, version=version, answered_at=f"2026-{month}-15T10:00:00Z")
                 for name, version, month, count in asked for _ in range(count)]
    with central() as server:
        fill(server, responses)
        for language, (pooled, before) in said.items():
            text = report(server, "--lang", language, form="text")
            assert pooled in text and before in text and "--instrument" in text, text
            for line in ("quick-nps, version 1: 20 ", "quick-nps, version 2: 30 ",
                         "own-survey, version 1: 10 ", "quick-nps, version 1: 25 "):
                assert line in text.replace("versio ", "version "), (line, text)
            alone = report(server, "--lang", language, "--instrument", "quick-nps:1", form="text")
            assert pooled.split(" 3 ")[0] not in alone and before not in alone
            assert "quick-nps, version 1" in alone.replace("versio ", "version "), alone
        row = next(csv.DictReader(io.StringIO(report(server, form="csv"))))
        assert row["instruments"] == "own-survey 1: 10; quick-nps 1: 20; quick-nps 2: 30"


def nothing_below_the_minimum_is_printed():
    responses = make_responses(7, 300)
    with central() as server:
        fill(server, responses)
        november = in_period(responses, "2026-11-01", "2026-11-30")
        found = json.loads(report(server, "--by", "unit,channel,language"))
        held = 0
        for group in found["groups"]:
            chosen = [one for one in november if belongs(one["unit"], group["unit"])
                      and (group["channel"], group["language"]) == (one["channel"], one["language"])]
            assert group["n"] == len(chosen)
            if len(chosen) < 5:
                held += 1
                assert group["suppressed"] and group["nps"]["value"] is None
                assert group["nps"]["promoters"] is None and group["change"] is None
                assert all(s["mean"] is None for s in group["statements"].values())
        assert held > 3


def answers_of_a_lost_clock_are_kept_and_told():
    said = {"fi": "ei voi pitää paikkaansa: 3", "sv": "inte kan stämma: 3", "en": "cannot be right: 3"}
    dates = ["2000-01-01T00:00:00Z", "2099-05-09T10:00:00Z", "2199-12-31T23:00:00Z"]
    with central() as server:
        fill(server, [response(unit="b", answered_at=at) for at in [*dates, "2026-11-20T10:00:00Z"]])
        assert json.loads(report(server))["misdated"] == 3
        assert json.loads(report(server))["total"]["n"] == 1
        assert json.loads(report(server, "--unit", "e"))["misdated"] == 0
        for language, words in said.items():
            assert words in report(server, "--lang", language, form="text")
        assert len(server.stored_ids()) == 4


def csv_and_text_say_the_same_as_json():
    responses = make_responses(99, 600)
    with central() as server:
        fill(server, responses)
        found = json.loads(report(server, "--by", "channel"))
        rows = list(csv.DictReader(io.StringIO(report(server, "--by", "channel", form="csv"))))
        assert len(rows) == 1 + len(found["groups"])
        for row, group in zip(rows, [found["total"], *found["groups"]]):
            assert row["channel"] == (group["channel"] or "")
            assert int(row["n"]) == group["n"]
            assert (row["nps"] == "") == (group["nps"]["value"] is None)
            if row["nps"]:
                assert float(row["nps"]) == group["nps"]["value"]
                assert float(row["help_mean"] or 0) == (group["statements"]["help"]["mean"] or 0)
        for language, title in (("fi", "Asiakaspalaute"), ("sv", "Klientrespons"),
                                ("en", "Patient and client feedback")):
            text = report(server, "--by", "unit,channel", "--lang", language, form="text")
            assert title in text and "\x1b" not in text
            assert f"+{round(found['total']['nps']['value'])}" in text
            assert max(len(line) for line in text.splitlines()) <= 100


def exports_hold_every_response_once():
    responses = make_responses(5, 200)
    responses[0]["answers"]["text"] = '=HYPERLINK("x"), toinen\nrivi'
    with central() as server:
        fill(server, responses)
        out = server.command("export", "--format", "jsonl")[1]
        exported = {one["id"]: one for one in map(json.loads, out.splitlines())}
        assert len(exported) == len(out.splitlines()) == 200
        for one in responses:
            sent = {key: value for key, value in one["answers"].items() if value != {}}
            assert exported[one["id"]]["answers"] == sent
        rows = list(csv.DictReader(io.StringIO(server.command("export", "--format", "csv")[1])))
        assert {row["id"] for row in rows} == set(exported)
        formula = next(row for row in rows if row["id"] == responses[0]["id"])
        assert formula["text"].startswith("'=HYPERLINK")
        some = server.command("export", "--format", "jsonl", "--unit", "b", "--from", "2026-11-01",
                              "--to", "2026-11-30")[1]
        expected = {one["id"] for one in in_period(responses, "2026-11-01", "2026-11-30")
                    if belongs(one["unit"], "b")}
        assert {json.loads(line)["id"] for line in some.splitlines()} == expected


run(figures_equal_an_independent_calculation, nothing_below_the_minimum_is_printed,
    figures_can_be_narrowed_to_one_survey_and_one_kind_of_respondent,
    several_surveys_are_never_pooled_without_a_word, answers_of_a_lost_clock_are_kept_and_told, csv_and_text_say_the_same_as_json, exports_hold_every_response_once)
