#!/usr/bin/env python3
"""The programs' contract: scripts play the real terminal, answers arrive, failures say where."""
import json
import os
import subprocess
import unittest

from rig import BIN, Rig, respondent

ALL_FIVE = {"help": 5, "decided_together": 4, "safe": 5, "understandable": 3, "easy": 1}


class WayOfAnAnswer(unittest.TestCase):
    def test_three_respondents_arrive_in_the_report(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = rig.play(
                respondent("fi", 10, ALL_FIVE, "Kiitos!") +
                respondent("sv", 7, {"help": "cant_say", "safe": 4}) +
                respondent("en", None, {"help": 2}, "Too long a wait.") +
                [{"expect": "synced"}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            total = rig.report("--min-n", "1")["total"]
            self.assertEqual(total["n"], 3)
            self.assertEqual((total["nps"]["n"], total["nps"]["promoters"], total["nps"]["passives"],
                              total["nps"]["detractors"], total["nps"]["value"]), (2, 1, 1, 0, 50.0))
            self.assertEqual((total["statements"]["help"]["n"], total["statements"]["help"]["mean"],
                              total["statements"]["help"]["agree_pct"]), (2, 3.5, 50.0))
            self.assertEqual(total["statements"]["safe"]["mean"], 4.5)
            by_language = {group["language"]: group["n"]
                           for group in rig.report("--by", "language", "--min-n", "1")["groups"]}
            self.assertEqual(by_language, {"fi": 1, "sv": 1, "en": 1})

    def test_on_small_panels_a_tap_finds_what_is_in_the_sheet_or_on_the_next_page(self):
        for window in ("800x480", "1024x600"):
            with self.subTest(window), Rig() as rig:
                rig.start_central()
                rig.enrol()
                lines = [{"tap": "start.fi"}, {"tap": "lang.sv"}, {"tap": "nps.8"},
                         {"tap": "contrast"}, {"tap": "nav.next"}, {"expect": "statement.help"},
                         {"tap": "statement.help.2"}, {"tap": "nav.next"}]
                lines += [{"tap": "nav.next"}] * 5 + [
                    {"tap": "text.skip"}, {"expect": "thanks"}, {"expect": "synced"}]
                done = rig.play(lines, window=window)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                [answer] = [json.loads(line) for line in
                            rig.central("export", "--format", "jsonl").splitlines()]
                self.assertEqual((answer["language"], answer["answers"]["nps"],
                                  answer["answers"]["statements"]), ("sv", 8, {"help": 2}))

    def test_typing_finds_the_keyboard_behind_a_page_of_a_small_panel(self):
        for window in ("800x480", "1024x600"):
            for larger in (0, 1, 2):
                with self.subTest(window=window, larger=larger), Rig() as rig:
                    done = rig.play([{"tap": "start.fi"}, *[{"tap": "size.up"}] * larger,
                                     {"tap": "nav.next"}, {"type": "Kiitos!"},
                                     {"tap": "text.send"}, {"expect": "thanks"}],
                                    instrument="quick-nps", window=window, extra=("--unit", "K1"))
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_report_says_the_sentences_that_were_asked(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = rig.play(respondent("fi", 9, ALL_FIVE) + [{"expect": "synced"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            text = rig.central("report", "--from", "2020-01-01", "--to", "2199-01-01", "--min-n", "1",
                               "--lang", "fi", "--format", "text")
            self.assertIn("Sain apua, kun sitä tarvitsin", text)
            self.assertIn("Oloni oli turvallinen", text)
            self.assertNotIn("Minulla oli turvallinen olo", text)

    def test_nothing_at_all_answered_is_still_a_visit_that_ends(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            lines = [{"tap": "start.fi"}] + [{"tap": "nav.next"}] * 7 + [{"tap": "text.skip"}]
            done = rig.play(lines + [{"advance_s": 60}, {"expect": "attract"}, {"expect": "synced"}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_answers_wait_without_central_and_are_sent_by_sync(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            self.assertEqual(rig.stop_central(), 0)
            done = rig.play(respondent("fi", 9, {}, "Odotan."))
            self.assertEqual(done.returncode, 0, done.stderr)
            offline = rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")
            self.assertNotEqual(offline.returncode, 0)
            self.assertIn("waiting 1", offline.stdout)
            rig.start_central()
            online = rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")
            self.assertEqual(online.returncode, 0, online.stderr)
            self.assertIn("waiting 0, sent 1", online.stdout)
            self.assertEqual(rig.report("--min-n", "1")["total"]["n"], 1)

    def test_an_idle_visitor_is_wiped_and_nothing_is_stored(self):
        with Rig() as rig:
            rig.start_central()
            rig.enrol()
            done = rig.play([{"tap": "start.sv"}, {"tap": "nps.3"}, {"advance_s": 65},
                             {"expect": "idle.stay"}, {"advance_s": 40}, {"expect": "attract"},
                             {"expect": "synced"}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(rig.report("--min-n", "1")["total"]["n"], 0)

    def test_an_enrolment_code_works_once(self):
        with Rig() as rig:
            rig.start_central()
            code = rig.enrol()
            again = rig.run("kaiku-kiosk", "--enroll", code, "--central", rig.url,
                            "--data-dir", rig.folder / "second")
            self.assertNotEqual(again.returncode, 0)
            self.assertEqual(again.stderr.count("\n"), 1, again.stderr)
            self.assertNotIn(code, again.stderr)


class FailuresSayWhere(unittest.TestCase):
    def fails(self, done, *words):
        self.assertNotEqual(done.returncode, 0)
        lines = [line for line in done.stderr.splitlines() if not line.startswith("[")]  # the log
        self.assertEqual(len(lines), 1, done.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def test_a_script_fault_ends_with_exit_1_and_names_its_line(self):
        start = '{"tap":"start.fi"}'
        cases = {
            "unknown widget": ([start, "", '{"tap":"no.such.widget"}'], ":3:", "no.such.widget"),
            "unmet expectation": ([start, '{"expect":"thanks"}'], ":2:", "thanks"),
            "no JSON": ([start, "# fine", "tap start.fi"], ":3:"),
            "unknown action": (['{"press":"start.fi"}'], ":1:", "press"),
            "two actions": (['{"tap":"start.fi","expect":"nps"}'], ":1:"),
            "wrong type": (['{"tap":7}'], ":1:"),
            "deep nesting": (['{"tap":' + "[" * 5000 + "]" * 5000 + "}"], ":1:"),
            "time backwards": (['{"advance_s":-1}'], ":1:"),
            "a picture elsewhere": (['{"screenshot":"../../x.png"}'], ":1:"),
            "a character without key": ([start, '{"tap":"nps.5"}', '{"tap":"nav.next"}',
                                         '{"type":"漢"}'], ":4:"),
        }
        with Rig() as rig:
            for name, (lines, *words) in cases.items():
                with self.subTest(name):
                    done = rig.play(lines, instrument="quick-nps", extra=("--unit", "TEST"))
                    self.assertEqual(done.returncode, 1)
                    self.fails(done, "script.jsonl", *words)

    def test_expecting_sync_without_enrolment_fails(self):
        with Rig() as rig:
            done = rig.play(respondent("fi", 9, {})[:-1] + [{"expect": "synced"}], timeout=90,
                            extra=("--unit", "TEST", "--central", rig.url))
            self.assertEqual(done.returncode, 1)
            self.assertIn("synced", done.stderr)

    def test_a_missing_script_is_named(self):
        with Rig() as rig:
            self.fails(rig.run("kaiku-kiosk", "--headless", "--unit", "T", "--data-dir", rig.folder,
                               "--script", rig.folder / "none.jsonl"), "none.jsonl")

    def test_a_bad_configuration_is_one_clear_line(self):
        cases = {
            "not TOML": ("unit = ", "kiosk.toml"),
            "unknown key": ('colour = "red"', "colour"),
            "wrong type": ("unit = 7", "unit"),
            "out of range": ("[timeouts]\nwarning_s = 1", "warning_s"),
            "not UTF-8": (b'unit = "\xff\xfe"', "kiosk.toml"),
        }
        with Rig() as rig:
            path = rig.folder / "kiosk.toml"
            for name, (text, word) in cases.items():
                with self.subTest(name):
                    path.write_bytes(text if isinstance(text, bytes) else text.encode())
                    self.fails(rig.run("kaiku-kiosk", "--config", path, "--headless",
                                       "--data-dir", rig.folder / "d"), word)
            self.fails(rig.run("kaiku-kiosk", "--config", rig.folder / "none.toml"), "none.toml")
            self.fails(rig.run("kaiku-central", "serve", "--config", rig.folder / "none.toml"),
                       "none.toml")

    def test_a_bad_instrument_is_one_clear_line(self):
        with Rig() as rig:
            path = rig.folder / "own.json"
            for name, text in {
                "not JSON": "{", "empty": "", "a list": "[]", "huge": '"' + "x" * 10_000_000 + '"',
                "deep": "[" * 100_000 + "]" * 100_000, "unknown field": json.dumps({"id": "x", "z": 1}),
            }.items():
                with self.subTest(name):
                    path.write_text(text)
                    self.fails(rig.play([], instrument=str(path), extra=("--unit", "T")), "own.json")
            self.fails(rig.play([], instrument="no-such", extra=("--unit", "T")), "no-such")

    def test_a_terminal_without_a_unit_says_what_to_do(self):
        with Rig() as rig:
            self.fails(rig.play([]), "--unit")

    def test_a_terminal_without_a_display_says_so(self):
        with Rig() as rig:
            nowhere = {key: value for key, value in os.environ.items()
                       if key not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
            nowhere["XDG_RUNTIME_DIR"] = str(rig.folder)  # libwayland complains without one
            done = subprocess.run([BIN / "kaiku-kiosk", "--unit", "tk-1", "--data-dir", rig.folder],
                                  env=nowhere, capture_output=True, text=True, timeout=60)
            if os.path.exists("/dev/dri/card0"):
                self.skipTest("this machine has a screen of its own")
            self.fails(done, "--headless")

    def test_a_check_reports_a_damaged_outbox_and_leaves_it_alone(self):
        with Rig() as rig:
            damaged = b"x" * 8192
            (rig.folder / "outbox.db").write_bytes(damaged)
            done = rig.run("kaiku-kiosk", "--self-check", "--headless", "--unit", "tk-1",
                           "--data-dir", rig.folder)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stdout, r"FAIL +outbox")
            self.assertEqual((rig.folder / "outbox.db").read_bytes(), damaged)

    def test_wrong_arguments_are_one_clear_line(self):
        with Rig() as rig:
            self.fails(rig.run("kaiku-kiosk", "--window", "huge"), "--window")
            self.fails(rig.run("kaiku-kiosk", "--no-such-flag"), "--no-such-flag")
            self.fails(rig.run("kaiku-kiosk", "--enroll", "X", "--data-dir", rig.folder), "--central")
            self.fails(rig.run("kaiku-central", "report", "--from", "2026-02-30", "--to", "2026-03-01",
                               "--format", "json", "--store", rig.store), "2026-02-30")

    def test_help_and_version_are_answered(self):
        with Rig() as rig:
            for program in ("kaiku-kiosk", "kaiku-central"):
                self.assertEqual(rig.run(program, "--help").returncode, 0)
                self.assertIn(program, rig.run(program, "--version").stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
