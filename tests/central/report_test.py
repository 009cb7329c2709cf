"""The report's figures against an independent calculation from the same responses."""
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
        before = in_period(responses, "2026-10-02", "2026-10-31")
        assert 1000 < len(november) < 2000 and 1000 < len(before) < 2000
        for split in ("", "unit", "channel", "language", "unit,channel,language"):
            more = ["--by", split] if split else []
            found = json.loads(report(server, "--min-n", "1", *more))
            assert found["period"] == {"from": "2026-11-01", "to": "2026-11-30"}
            assert found["previous_period"] == {"from": "2026-10-02", "to": "2026-10-31"}
            check_group(found["total"], november)
            check_nps(found["total"]["previous"]["nps"], before)
            change = found["total"]["change"]
            assert close(change["value"], found["total"]["nps"]["value"]
                         - found["total"]["previous"]["nps"]["value"])
            assert change["beyond_chance"] == (change["low"] > 0 or change["high"] < 0)
            check_groups(found["groups"], november, split.split(",") if split else [])
        found = json.loads(report(server, "--unit", "b", "--min-n", "1"))
        check_group(found["total"], [one for one in november if belongs(one["unit"], "b")])


def check_groups(groups, november, split):
    expected = set()
    for one in november:
        units = [u for u in UNITS if belongs(one["unit"], u)] if "unit" in split else [None]
        expected |= {(u, one["channel"] if "channel" in split else None,
                      one["language"] if "language" in split else None) for u in units}
    if not split:
        expected = set()
    assert {(g["unit"], g["channel"], g["language"]) for g in groups} == expected
    for group in groups:
        check_group(group, [one for one in november
                            if (group["unit"] is None or belongs(one["unit"], group["unit"]))
                            and group["channel"] in (None, one["channel"])
                            and group["language"] in (None, one["language"])])


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
    csv_and_text_say_the_same_as_json, exports_hold_every_response_once)
