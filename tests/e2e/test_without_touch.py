#!/usr/bin/env python3
"""Whole surveys without a touch: by three keys, and by two switches, typed text included."""
import json
import unittest

from rig import STATEMENTS, Rig


class Walker:
    """Knows from --dump-widgets what the keys can reach, and writes the presses that get there."""

    def __init__(self, rig, instrument):
        dump = rig.folder / "widgets.jsonl"
        done = rig.run("kaiku-kiosk", "--headless", "--window", "1280x800",
                       "--data-dir", rig.folder / "device", "--instrument", instrument,
                       "--dump-widgets", dump, timeout=120)
        assert done.returncode == 0, done.stderr
        self.screens, self.starts, headed = {}, {}, set()
        for line in dump.read_text(encoding="utf-8").splitlines():
            widget = json.loads(line)
            if (widget["language"], widget["size"], widget["theme"]) != ("fi", "m", "default"):
                continue
            screen = widget["screen"]
            ids = self.screens.setdefault(screen, [])
            if widget["role"] == "heading":
                headed.add(screen)
            # The list always has the phone; this rig's central has no web address to offer one.
            if widget["focus_index"] >= 0 and widget["id"].split(".")[0] != "phone":
                if screen in headed:
                    self.starts.setdefault(screen, len(ids))
                ids.append(widget["id"])
        self.lines, self.place = [], None

    def on(self, screen):
        self.ids, self.place = self.screens[screen], None
        self.start = self.starts.get(screen, 0)
        self.lines.append({"expect": screen})

    def to(self, widget):
        raise NotImplementedError

    def choose(self, widget):
        self.to(widget)
        self.lines += [{"expect": "focus " + widget}, self.select]


class ThreeKeys(Walker):
    select = {"key": "select"}

    def to(self, widget):
        if self.place is None:
            self.lines.append({"key": "next"})
            self.place = self.start
        target, count = self.ids.index(widget), len(self.ids)
        ahead = (target - self.place) % count
        if ahead <= count - ahead:
            self.lines += [{"key": "next"}] * ahead
        else:
            self.lines += [{"key": "previous"}] * (count - ahead)
        self.place = target


class TwoSwitches(Walker):
    select = {"switch": 2}

    def to(self, widget):
        if self.place is None:
            self.lines.append({"switch": 1})
            self.place = self.start
        target = self.ids.index(widget)
        self.lines += [{"switch": 1}] * ((target - self.place) % len(self.ids))
        self.place = target


def whole_survey(walker):
    walker.on("attract")
    walker.choose("start.fi")
    walker.on("nps")
    walker.choose("nps.9")
    walker.choose("nav.next")
    for key in STATEMENTS:
        walker.on(f"statement.{key}")
        walker.choose(f"statement.{key}.4")
        walker.choose("nav.next")
    walker.on("text")
    for letter in "hyvä":
        walker.choose("key." + letter)
    walker.choose("text.send")
    walker.on("thanks")
    walker.choose("thanks.done")
    walker.lines += [{"expect": "attract"}, {"expect": "synced"}]
    return walker.lines


class WithoutTouch(unittest.TestCase):
    def answers_by(self, kind):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            lines = whole_survey(kind(rig, "national-adult"))
            self.assertFalse([line for line in lines if "tap" in line or "type" in line])
            done = rig.play(lines, timeout=120)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            total = rig.report("--min-n", "1")["total"]
            self.assertEqual((total["n"], total["nps"]["promoters"]), (1, 1))
            self.assertEqual(total["statements"]["own_language"]["mean"], 4)
            stored = rig.central("export", "--format", "jsonl")
            self.assertIn('"Hyvä"', stored)

    def test_a_whole_survey_by_three_keys_alone(self):
        self.answers_by(ThreeKeys)

    def test_a_whole_survey_by_two_switches_alone(self):
        self.answers_by(TwoSwitches)

    def test_the_first_select_only_shows_where_the_keys_are(self):
        with Rig() as rig:
            lines = [{"key": "select"}, {"expect": "attract"}, {"expect": "focus start.fi"},
                     {"key": "select"}, {"expect": "nps"}]
            done = rig.play(lines, extra=("--unit", "T"))
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_key_user_who_leaves_is_warned_and_wiped(self):
        with Rig() as rig:
            lines = [{"key": "next"}, {"key": "select"}, {"expect": "nps"}, {"key": "next"},
                     {"advance_s": 299}, {"expect": "nps"}, {"advance_s": 2}, {"expect": "idle"},
                     {"key": "next"}, {"expect": "focus idle.stay"}, {"key": "select"},
                     {"expect": "nps"}, {"advance_s": 346}, {"expect": "attract"}]
            done = rig.play(lines, extra=("--unit", "T"))
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_key_that_is_none_is_one_clear_line(self):
        with Rig() as rig:
            for line in ({"key": "sideways"}, {"switch": 3}, {"switch": "1"}):
                done = rig.play([line], extra=("--unit", "T"))
                self.assertEqual(done.returncode, 1)
                self.assertIn("script.jsonl:1:", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
