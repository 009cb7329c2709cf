#!/usr/bin/env python3
"""A whole survey with eyes closed: three keys in, spoken sentences out, and nothing else known.

The visitor here hears the terminal's speech and presses previous, select and next. Each time more is
to be known, the visit is played again from its start with the next presses added, and what is then
said anew is what the visitor hears. No widget id, no picture and no screen name is looked at.
"""
import json
import pathlib
import subprocess
import unittest

from rig import BIN, Rig

ASSETS = pathlib.Path(__file__).resolve().parents[2] / "assets" / "instruments"
NEXT, SELECT = {"key": "next"}, {"key": "select"}
CHOSEN = "valittu"
FARTHEST = 45  # presses of "next" until a visitor gives up looking for something on one screen


class Listener:
    """Headphones on a Finnish-speaking head, one hand on three keys."""

    def __init__(self, rig):
        self.rig, self.pressed, self.visits = rig, [], 0
        self.heard = self.play([])

    def play(self, presses):
        """Everything said from the start of the visit, if these presses follow."""
        log = self.rig.folder / "said.jsonl"
        lines = [{"headphones": True}, *self.pressed, *presses]
        arguments = self.rig.kiosk_arguments(lines, device=f"listener-{self.visits}",
                                             extra=("--unit", "EAR", "--speech-log", log))
        self.visits += 1
        done = subprocess.run([BIN / "kaiku-kiosk", *arguments], capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return [json.loads(line)["text"] for line in log.read_text(encoding="utf-8").splitlines()]

    def press(self, *presses):
        """Presses keys and returns what is said because of them."""
        said = self.play(presses)
        news = said[len(self.heard):]
        self.pressed += presses
        self.heard = said
        return news

    def choose(self, wanted):
        """Goes on until `wanted` is heard, and selects it. Returns what selecting says."""
        ahead = self.play([NEXT] * FARTHEST)[len(self.heard):]
        if wanted not in ahead:
            raise AssertionError(f"{wanted!r} is never said; heard was {ahead}")
        # One press, one name; of what is chosen already "chosen" is said too.
        count = sum(each != CHOSEN for each in ahead[:ahead.index(wanted) + 1])
        news = self.press(*[NEXT] * count)
        if wanted not in news[-2:]:
            raise AssertionError(f"{wanted!r} was to be heard after {count} presses, not {news}")
        return self.press(SELECT)


class ByEar(unittest.TestCase):
    def test_a_whole_survey_from_speech_and_three_keys_alone(self):
        instrument = json.loads((ASSETS / "national-adult.json").read_text(encoding="utf-8"))
        questions = [question["text"]["fi"]["text"] for question in instrument["questions"]]
        agreed = instrument["agreement"]["4"]["fi"]["text"]
        with Rig() as rig:
            visitor = Listener(rig)
            news = visitor.choose("Aloita")
            for number, question in enumerate(questions, 1):
                self.assertIn(question, news)
                self.assertIn(f"Kysymys {number}, yhteensä {len(questions)}", news)
                if number == len(questions):
                    break
                answer = "9" if number == 1 else agreed
                self.assertIn(CHOSEN, visitor.choose(answer))
                news = visitor.choose("Seuraava")
            for letter in "ok":
                self.assertIn(letter, [each.lower() for each in visitor.choose(letter)])
            visitor.choose("Lähetä")
            visitor.press({"expect_speech": "Kiitos palautteestasi!"})
            # What the visitor did by ear is now done once more, and central is asked what it got.
            rig.start_central()
            rig.enrol()
            done = rig.play([{"headphones": True}, *visitor.pressed, {"expect": "synced"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            [answer] = [json.loads(line) for line in
                        rig.central("export", "--format", "jsonl").splitlines()]
            self.assertEqual(answer["answers"]["nps"], 9)
            self.assertEqual(set(answer["answers"]["statements"].values()), {4})
            self.assertEqual(answer["answers"]["text"].lower(), "ok")


if __name__ == "__main__":
    unittest.main(verbosity=2)
