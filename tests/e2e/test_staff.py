#!/usr/bin/env python3
"""The staff's device: opened with a PIN, handed over, given back, handed to the next client."""
import json
import os
import signal
import stat
import subprocess
import time
import unittest

from rig import BIN, Rig

PIN = "580213"
WRONG = "190744"
CONFIG = """
instrument = "quick-nps"
mode = "staff"

[[units]]
code = "TEST"
name = "Terveysasema"

[[units]]
code = "NEUVOLA"
name = "Äitiys- ja lastenneuvola"
"""
OPEN = [{"type": PIN}, {"tap": "staff.open"}, {"expect": "staff_home"}]


def answer(language, score, statements=0):
    """A visit that skips its statements."""
    return [{"expect": "attract"}, {"tap": f"start.{language}"}, {"expect": "nps"},
            {"tap": f"nps.{score}"}, {"tap": "nav.next"}, *[{"tap": "nav.next"}] * statements,
            {"expect": "text"}, {"tap": "text.skip"}, {"expect": "thanks"}, {"tap": "thanks.done"},
            {"expect": "staff_returned"}]


class Staff(unittest.TestCase):
    def set_pin(self, rig, pin=PIN):
        done = subprocess.run([BIN / "kaiku-kiosk", "--set-pin", "--data-dir",
                               rig.folder / "device"], input=pin + "\n", capture_output=True,
                              text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn(pin, done.stdout)

    def play(self, rig, lines, config=CONFIG, size="1280x800", more=()):
        path = rig.folder / "kiosk.toml"
        path.write_text(config, encoding="utf-8")
        return rig.run("kaiku-kiosk", "--config", path, "--headless", "--window", size,
                       "--data-dir", rig.folder / "device", "--script", rig.script(lines), *more)

    def stored(self, rig):
        return [json.loads(line)
                for line in rig.central("export", "--format", "jsonl").splitlines()]

    def ready(self, rig):
        rig.start_central()
        rig.enrol()
        rig.central("unit", "add", "--code", "NEUVOLA", "--name-fi", "Neuvola",
                    "--name-sv", "Rådgivning")
        self.set_pin(rig)

    def test_a_device_is_handed_over_and_the_answer_says_for_whom_and_how(self):
        for size in ("1280x800", "800x480"):
            with self.subTest(size=size), Rig() as rig:
                self.ready(rig)
                lines = [{"expect": "staff_pin"}] + OPEN
                lines += [{"tap": "staff.unit.NEUVOLA"}, {"tap": "staff.kind.relative"},
                          {"tap": "staff.assisted"}, {"tap": "staff.hand_over"}]
                lines += answer("sv", 7, statements=5)
                # One tap for the next client: same unit, same kind, and no PIN.
                lines += [{"tap": "staff.next"}] + answer("fi", 9, statements=5) + [{"expect": "synced"}]
                done = self.play(rig, lines, size=size)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotIn(PIN, done.stderr + done.stdout)
                seen = [(each["unit"], each["channel"], each["respondent"], each["assisted"],
                         each["language"], each["answers"]["nps"]) for each in self.stored(rig)]
                self.assertEqual(sorted(seen, key=lambda each: each[5]),
                                 [("NEUVOLA", "staff-device", "relative", True, "sv", 7),
                                  ("NEUVOLA", "staff-device", "relative", True, "fi", 9)])

    def test_the_next_opening_offers_what_was_used_last_first(self):
        with Rig() as rig:
            self.ready(rig)
            lines = OPEN + [{"tap": "staff.unit.NEUVOLA"}, {"tap": "staff.kind.youth"},
                            {"tap": "staff.hand_over"}, {"expect": "attract"},
                            {"advance_s": 660}, {"expect": "staff_returned"},
                            # Long after the PIN another unit needs it again.
                            {"tap": "staff.change"}, {"expect": "staff_pin"}] + OPEN
            dump = [{"tap": "staff.hand_over"}] + answer("en", 4) + [{"expect": "synced"}]
            done = self.play(rig, lines + dump)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([(each["unit"], each["respondent"]) for each in self.stored(rig)],
                             [("NEUVOLA", "youth")])

    def test_a_restart_after_a_power_cut_offers_what_was_used_last(self):
        with Rig() as rig:
            self.ready(rig)
            kept = rig.folder / "device/handover.json"
            (rig.folder / "kiosk.toml").write_text(CONFIG, encoding="utf-8")
            lines = OPEN + [{"tap": "staff.unit.NEUVOLA"}, {"tap": "staff.kind.youth"},
                            {"tap": "staff.hand_over"}, {"tap": "start.fi"}, {"tap": "nps.2"},
                            {"expect": "a screen that never comes"}]
            running = subprocess.Popen(
                [BIN / "kaiku-kiosk", "--config", rig.folder / "kiosk.toml", "--headless",
                 "--data-dir", rig.folder / "device", "--script", rig.script(lines)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            while not kept.exists() and time.monotonic() < deadline and running.poll() is None:
                time.sleep(0.01)
            running.kill()
            self.assertEqual(running.wait(20), -signal.SIGKILL)
            self.assertEqual(json.loads(kept.read_text()),
                             {"format": 1, "units": ["NEUVOLA"], "respondent": "youth"})
            self.assertEqual(stat.S_IMODE(kept.stat().st_mode), 0o600)
            # Opened, and handed over with nothing chosen anew.
            again = OPEN + [{"tap": "staff.hand_over"}]
            done = self.play(rig, again + answer("sv", 6) + [{"expect": "synced"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([(each["unit"], each["respondent"], each["answers"]["nps"])
                              for each in self.stored(rig)], [("NEUVOLA", "youth", 6)])
            # A damaged file is said and passed over; the device is its own unit's again.
            kept.write_text('{"format":1,"units":["NEU')
            done = self.play(rig, again + answer("fi", 1) + [{"expect": "synced"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("handover.json: is damaged", done.stderr)
            self.assertIn(("TEST", "adult", 1), [
                (each["unit"], each["respondent"], each["answers"]["nps"])
                for each in self.stored(rig)])
            self.assertEqual(json.loads(kept.read_text())["units"], ["TEST"])

    def test_wrong_pins_are_slowed_down_and_logged_without_the_digits(self):
        with Rig() as rig:
            self.set_pin(rig)
            book = rig.folder / "device/staff.json"
            self.assertEqual(stat.S_IMODE(book.stat().st_mode), 0o600)
            said = ""

            def tries(lines):
                nonlocal said
                done = self.play(rig, lines, more=["--unit", "TEST"])
                self.assertEqual(done.returncode, 0, done.stderr)
                said += done.stderr + done.stdout + book.read_text()
                return done.stderr

            def keep(**changed):
                kept = json.loads(book.read_text()) | changed
                book.write_text(json.dumps(kept))

            wrong = [{"type": WRONG}, {"tap": "staff.open"}]
            right = [{"type": PIN}, {"tap": "staff.open"}]
            log = tries((wrong + [{"expect": "staff.wrong"}]) * 2 + wrong +
                        [{"expect": "staff.locked"}])
            self.assertEqual(log.count("staff: a wrong PIN"), 3)
            self.assertIn("the next try in 5 s", log)
            # The pad's clock may be moved ahead; the book of tries goes by the device's.
            keep(failures=8, locked_until_s=0)
            log = tries(wrong + [{"expect": "staff.locked"}, {"advance_s": 321},
                                 {"expect": "staff.lead"}] + right + [{"expect": "staff.locked"}])
            self.assertIn("the next try in 320 s", log)
            self.assertIn("staff: a PIN tried too early", log)
            self.assertNotIn("opened", log)
            # A restart does not help; time does.
            tries(right + [{"expect": "staff.locked"}])
            self.assertEqual(json.loads(book.read_text())["failures"], 9)
            keep(locked_until_s=0)
            self.assertIn("staff: opened by the PIN", tries(OPEN))
            self.assertEqual(json.loads(book.read_text())["failures"], 0)
            for pin in (PIN, WRONG):
                self.assertNotIn(pin, said)

    def test_a_unit_is_chosen_by_a_reader_that_types_its_code(self):
        with Rig() as rig:
            rig.start_central("--web-url", rig.url)
            rig.enrol()
            rig.central("unit", "add", "--code", "NEUVOLA", "--name-fi", "Neuvola",
                        "--name-sv", "Rådgivning")
            self.set_pin(rig)
            config = CONFIG + 'instrument = "national-adult"\n'
            lines = [{"scan": f"{rig.url}/s/NEUVOLA"}, {"expect": "staff_pin"}] + OPEN
            lines += [{"scan": "6414893400012"}, {"expect": "staff.note"},
                      {"scan": "https://example.com/s/NEUVOLA"}, {"expect": "staff_home"},
                      {"scan": f"{rig.url}/s/ELSEWHERE"}, {"expect": "staff_home"},
                      {"scan": f"{rig.url}/s/NEUVOLA"}]
            lines += answer("fi", 6, statements=6)
            # A code does nothing to a client who is answering, its Enter included.
            lines += [{"scan": "TEST"}, {"expect": "attract"}, {"tap": "start.sv"},
                      {"key": "next"}, {"scan": "NEUVOLA"}, {"expect": "nps"}]
            lines += answer("sv", 3)[2:]
            rig.kill_central()  # offline is enough
            done = self.play(rig, lines, config=config)
            self.assertEqual(done.returncode, 0, done.stderr)
            rig.start_central("--web-url", rig.url)
            done = rig.run("kaiku-kiosk", "--sync", "--data-dir", rig.folder / "device")
            self.assertEqual(done.returncode, 0, done.stderr)
            seen = {(each["unit"], each["instrument"], each["answers"]["nps"])
                    for each in self.stored(rig)}
            self.assertEqual(seen, {("NEUVOLA", "national-adult", 6), ("TEST", "quick-nps", 3)})

    def test_a_unit_is_chosen_by_its_code_in_a_picture(self):
        with Rig() as rig:
            rig.start_central("--web-url", rig.url)
            rig.enrol()
            self.set_pin(rig)
            # What a camera would see: the code that another terminal shows on its screen.
            kiosk = CONFIG.replace('mode = "staff"\n', "")
            done = self.play(rig, [{"tap": "phone"}, {"expect": "phone.code"},
                                   {"screenshot": "code.png"}], config=kiosk,
                             more=["--unit", "NEUVOLA", "--screenshots", rig.folder / "shots"])
            self.assertEqual(done.returncode, 0, done.stderr)
            look = OPEN + [{"expect": "staff_home"}, {"tap": "staff.camera"}]
            seen = f'[staff]\ncamera = "{rig.folder}/shots/code.png"\n'
            done = self.play(rig, look + answer("fi", 5), config=CONFIG + seen)
            self.assertEqual(done.returncode, 0, done.stderr)
            # A camera that cannot be used says so, and the list still serves.
            done = self.play(rig, look + [{"expect": "staff_home"}, {"tap": "staff.unit.TEST"},
                                          {"tap": "staff.hand_over"}] + answer("fi", 4) +
                             [{"expect": "synced"}],
                             config=CONFIG + '[staff]\ncamera = "/nowhere/video9"\n')
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("camera: /nowhere/video9", done.stderr)

    def test_a_damaged_pin_file_is_set_aside_and_the_terminal_goes_on(self):
        with Rig() as rig:
            self.ready(rig)
            book = rig.folder / "device/staff.json"
            book.write_text('{"format":1,"hash":')
            os.chmod(book, 0o600)
            lines = answer("fi", 10)[:-1] + [{"expect": "attract"}, {"expect": "synced"}]
            done = self.play(rig, lines)
            self.assertEqual(done.returncode, 0, done.stderr)
            said = done.stderr + done.stdout
            self.assertIn("staff.json", said)
            self.assertIn("--set-pin", said)
            self.assertFalse(book.exists())
            self.assertTrue((rig.folder / "device/staff.json.damaged").exists())
            self.assertEqual([each["answers"]["nps"] for each in self.stored(rig)], [10])
            # Nobody can open it until the PIN is set anew.
            self.set_pin(rig)
            self.assertEqual(self.play(rig, OPEN).returncode, 0)

    def test_a_visitor_of_a_terminal_with_a_pin_notices_a_padlock_and_nothing_else(self):
        with Rig() as rig:
            self.ready(rig)
            config = CONFIG.replace('mode = "staff"\n', "")
            lines = [{"expect": "attract"}, {"tap": "staff"}, {"expect": "staff_pin"},
                     {"tap": "nav.back"}, {"expect": "attract"}]
            lines += answer("fi", 8)[:-1] + [{"expect": "attract"}, {"tap": "staff"},
                                            {"type": PIN}, {"tap": "staff.open"},
                                            {"expect": "staff_view"}, {"tap": "staff.tools"},
                                            {"tap": "staff.cleaning"},
                                            {"expect": "staff_cleaning"}, {"advance_s": 59},
                                            {"expect": "staff_cleaning"}, {"advance_s": 2},
                                            {"expect": "staff_tools"}, {"advance_s": 61},
                                            {"expect": "attract"}, {"expect": "synced"}]
            done = self.play(rig, lines, config=config)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual([(each["unit"], each["channel"]) for each in self.stored(rig)],
                             [("TEST", "kiosk")])


if __name__ == "__main__":
    unittest.main()
