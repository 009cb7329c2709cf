#!/usr/bin/env python3
"""Who answers: a child's visit, a relative's in plain words, and what central then knows."""
import json
import unittest

from rig import Rig

CONFIG = """
instrument = "national-adult"
respondents = ["adult", "youth", "child", "relative"]
assisted = "ask"
plain_language = true
"""
CHILD_KEYS = ("kind", "listened", "understood", "safe", "help")


def child_visit(language, value, helped=True):
    lines = [{"tap": f"start.{language}"}, {"expect": "who"}]
    lines += [{"tap": "who.assisted"}] if helped else []
    lines += [{"tap": "who.child"}]
    for key in CHILD_KEYS:
        lines += [{"expect": f"statement.child_{key}"},
                  {"tap": f"statement.child_{key}.{value}"}, {"tap": "nav.next"}]
    return lines + [{"expect": "text"}, {"tap": "text.skip"}, {"expect": "thanks"},
                    {"tap": "thanks.done"}]


class People(unittest.TestCase):
    def play(self, rig, lines, size="1280x800"):
        config = rig.folder / "kiosk.toml"
        config.write_text(CONFIG, encoding="utf-8")
        return rig.run("kaiku-kiosk", "--config", config, "--headless", "--window", size,
                       "--data-dir", rig.folder / "device", "--script", rig.script(lines))

    def stored(self, rig):
        lines = rig.central("export", "--format", "jsonl").splitlines()
        return [json.loads(line) for line in lines]

    def test_a_child_answers_by_faces_alone_and_counts_as_a_child(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = self.play(rig, child_visit("fi", 5) + child_visit("sv", 1) +
                             [{"expect": "synced"}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            answers = self.stored(rig)
            self.assertEqual(len(answers), 2)
            for answer in answers:
                self.assertEqual((answer["instrument"], answer["respondent"], answer["assisted"]),
                                 ("child", "child", True))
                self.assertNotIn("nps", answer["answers"])
            values = {answer["language"]: answer["answers"]["statements"] for answer in answers}
            self.assertEqual(values["fi"], {f"child_{key}": 5 for key in CHILD_KEYS})
            self.assertEqual(values["sv"], {f"child_{key}": 1 for key in CHILD_KEYS})

    def test_a_child_answers_on_the_smallest_panel(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = self.play(rig, child_visit("en", 3, helped=False) + [{"expect": "synced"}], size="800x480")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(len(self.stored(rig)), 1)

    def test_plain_words_and_relatives_have_instruments_of_their_own(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            plain = [{"tap": "start.fi"}, {"tap": "plain"}, {"tap": "who.youth"}, {"tap": "nps.9"},
                     {"tap": "nav.next"}] + [{"tap": "nav.next"}] * 6
            relative = [{"tap": "start.en"}, {"tap": "who.relative"}, {"tap": "nps.3"},
                        {"tap": "nav.next"}] + [{"tap": "nav.next"}] * 5
            end = [{"tap": "text.skip"}, {"expect": "thanks"}, {"tap": "thanks.done"}]
            done = self.play(rig, plain + end + relative + end + [{"expect": "synced"}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            seen = {(each["respondent"], each["instrument"], each["assisted"],
                     each["answers"]["nps"]) for each in self.stored(rig)}
            self.assertEqual(seen, {("youth", "national-adult-plain", False, 9),
                                    ("relative", "relative", False, 3)})

    def test_the_next_visitor_chooses_anew(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = self.play(rig, [{"tap": "start.fi"}, {"tap": "plain"}, {"tap": "who.adult"},
                                   {"expect": "nps"}, {"advance_s": 300}, {"expect": "attract"},
                                   {"tap": "start.fi"}, {"expect": "who"}, {"tap": "who.adult"},
                                   {"expect": "nps"}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
