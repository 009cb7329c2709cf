#!/usr/bin/env python3
"""1,000 respondents with a known distribution through the real terminal, central killed twice.

The figures are worked out here from the drawn answers alone, by formulas written down anew, and
must equal those of `kaiku-central report`.
"""
import argparse
import collections
import math
import random
import subprocess
import time
import unittest

from rig import BIN, STATEMENTS, Rig, respondent

SEED = 20261122
TEXTS = {"fi": "Kiitos, hyvä!", "sv": "Tack så mycket.", "en": "Fine."}


def draw(rng):
    """One respondent: (language, score or None, {statement: 1–5 or "cant_say"}, text)."""
    language = rng.choices(("fi", "sv", "en"), (60, 32, 8))[0]
    score = None if rng.random() < 0.03 else rng.choices(
        range(11), (2, 1, 1, 2, 1, 4, 4, 9, 18, 26, 32))[0]
    statements = {}
    for index, key in enumerate(STATEMENTS):
        luck = rng.random()
        if luck < 0.05:
            statements[key] = "cant_say"
        elif luck > 0.10:
            statements[key] = rng.choices(range(1, 6), (3, 4, 8 + index, 35, 50 - index))[0]
    if score is None and not any(isinstance(value, int) for value in statements.values()):
        score = 0
    return language, score, statements, TEXTS[language] if rng.random() < 0.1 else ""


def expected_figures(people):
    scores = [score for _, score, _, _ in people if score is not None]
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    n = len(scores)
    # Adjusted Wald: 3 more answers, ¾ of a promoter and ¾ of a detractor among them.
    up, down, size = (promoters + 0.75), (detractors + 0.75), n + 3
    centre = (up - down) / size
    spread = 1.959963984540054 * math.sqrt(((up + down) / size - centre * centre) / size)
    figures = {"n": len(people), "nps": {
        "n": n, "promoters": promoters, "passives": n - promoters - detractors,
        "detractors": detractors, "value": 100 * (promoters - detractors) / n,
        "low": max(-100, 100 * (centre - spread)), "high": min(100, 100 * (centre + spread))},
        "statements": {}}
    for key in STATEMENTS:
        values = [s[key] for _, _, s, _ in people if isinstance(s.get(key), int)]
        figures["statements"][key] = {
            "n": len(values), "mean": sum(values) / len(values),
            "agree_pct": 100 * sum(value >= 4 for value in values) / len(values)}
    return figures


def script_lines(people, checkpoint):
    """At the checkpoint the terminal waits for central, so that it cannot be through too early."""
    for index, person in enumerate(people):
        if index == checkpoint:
            yield {"expect": "synced"}
        yield from respondent(*person)
        if index % 100 == 99:
            yield {"advance_s": 3600}
    yield {"expect": "synced"}


class ThousandRespondents(unittest.TestCase):
    count = 1000

    def assert_same(self, got, expected, place):
        for key, value in expected.items():
            if isinstance(value, dict):
                self.assert_same(got[key], value, f"{place}.{key}")
            elif isinstance(value, float):
                self.assertLess(abs(got[key] - value), 1e-9, f"{place}.{key}: {got[key]} {value}")
            else:
                self.assertEqual(got[key], value, f"{place}.{key}")

    def stored(self, rig):
        return rig.report("--min-n", "1")["total"]["n"]

    def wait_until_stored(self, rig, kiosk, at_least):
        deadline = time.monotonic() + 120
        while self.stored(rig) < at_least:
            self.assertLess(time.monotonic(), deadline, "central stores no more answers")
            if kiosk.poll() is not None:
                return
            time.sleep(0.05)

    def test_the_report_equals_an_independent_calculation(self):
        rng = random.Random(SEED)
        people = [draw(rng) for _ in range(self.count)]
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            checkpoint = self.count * 2 // 5
            arguments = rig.kiosk_arguments(list(script_lines(people, checkpoint)))
            with open(rig.folder / "kiosk.log", "wb") as log:
                kiosk = subprocess.Popen([BIN / "kaiku-kiosk", *arguments], stdout=log, stderr=log,
                                         stdin=subprocess.DEVNULL)
            try:
                for at_least in (self.count // 10, checkpoint):
                    self.wait_until_stored(rig, kiosk, at_least)
                    self.assertIsNone(kiosk.poll(), "the terminal ended before central was killed: " +
                                      (rig.folder / "kiosk.log").read_text(errors="replace"))
                    rig.kill_central()
                    time.sleep(0.3)  # answers pile up meanwhile
                    rig.start_central()
                code = kiosk.wait(240)
            finally:
                kiosk.kill()
                kiosk.wait()
            self.assertEqual(code, 0, (rig.folder / "kiosk.log").read_text(errors="replace"))
            report = rig.report("--by", "language", "--min-n", "1")
            self.assert_same(report["total"], expected_figures(people), "total")
            groups = {group["language"]: group for group in report["groups"]}
            counts = collections.Counter(person[0] for person in people)
            self.assertEqual({key: group["n"] for key, group in groups.items()}, dict(counts))
            for language in counts:
                own = [person for person in people if person[0] == language]
                self.assert_same(groups[language], expected_figures(own), language)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    ThousandRespondents.count = parser.parse_args().count
    unittest.main(argv=["thousand_respondents"], verbosity=2)
