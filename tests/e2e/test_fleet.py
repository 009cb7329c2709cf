#!/usr/bin/env python3
"""What an operator sets at central is on the terminal: rolled out in stages, undone, refused with
its reason, and never in the way of a visitor or of a survey, whatever is cut off in between."""
import json
import random
import subprocess
import time
import unittest

from rig import BIN, Rig

VISIT = [{"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.skip"}, {"expect": "thanks"},
         {"tap": "thanks.done"}]
# Nobody has been here for a while.
QUIET = {"advance_s": 15}
RESTART = 75
NEW = ("instrument=national-adult", "first_language=sv", "theme=contrast-dark")


class Fleet(unittest.TestCase):
    def setUp(self):
        self.rig = self.enterContext(Rig())
        self.rig.start_central()

    def enrol(self, *devices, unit="LOBBY"):
        """Terminals of a unit; their ids."""
        self.rig.central("unit", "add", "--code", unit, "--name-fi", "Aula", "--name-sv", "Hall")
        return [self.join(self.rig.central("enroll", "--unit", unit).strip(), device)
                for device in devices]

    def join(self, code, device):
        done = self.rig.run("kaiku-kiosk", "--enroll", code, "--central", self.rig.url,
                            "--data-dir", self.rig.folder / device)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads((self.rig.folder / device / "device.json").read_text())["device_id"]

    def fleet(self, *words):
        """An operator's command. Central reads what is set anew after seconds, or at its start."""
        out = self.rig.central("fleet", *words)
        if set(words) & {"set", "roll-out", "undo"}:
            self.rig.stop_central()
            self.rig.start_central()
        return out

    def arguments(self, device, lines=None, *more):
        # No --instrument: the command line would win over central.
        script = [] if lines is None else ["--script", self.rig.script(lines, device + ".jsonl")]
        return ["--headless", "--window", "1280x800", "--data-dir", self.rig.folder / device,
                *script, *more]

    def play(self, device, lines, code=0):
        done = self.rig.run("kaiku-kiosk", *self.arguments(device, lines))
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def restarts(self, device):
        self.play(device, [QUIET, {"expect": "restart"}], RESTART)

    def is_new(self, device):
        """Swedish comes first, and the long survey is asked."""
        self.play(device, [{"expect": "heard"}, {"key": "next"}, {"expect": "focus start.sv"},
                           {"tap": "start.sv"}, {"tap": "nav.next"},
                           {"expect": "statement.help"}])

    def is_old(self, device):
        self.play(device, [{"expect": "heard"}, {"key": "next"}, {"expect": "focus start.fi"},
                           {"tap": "start.fi"}, {"tap": "nav.next"}, {"expect": "text"}])

    def shown(self, device_id):
        return json.loads(self.fleet("show", "--device", device_id, "--format", "json"))

    def states(self):
        return {each["device"]: each["config"]
                for each in json.loads(self.fleet("list", "--format", "json"))}

    def stage(self, devices):
        """Rolls the group's newest version out so far that one of two terminals has it; who has
        it, and who has not."""
        while True:
            low, high = 0, 100  # so far nobody, so far both
            while high - low > 1:
                percent = (low + high) // 2
                self.rig.central("fleet", "config", "roll-out", "--group", "lobby",
                                 "--percent", str(percent))
                has = [each for each in devices if self.shown(each)["values"]]
                if len(has) == 1:
                    (has_not,) = set(devices) - set(has)
                    return has[0], has_not
                low, high = (low, percent) if has else (percent, high)
            # Both in the same hundredth: another version has other ones.
            self.rig.central("fleet", "config", "undo", "--group", "lobby")
            self.rig.central("fleet", "config", "set", "--group", "lobby", *NEW, "--percent", "0")

    def test_a_roll_out_goes_from_some_to_all_and_back(self):
        names = dict(zip(self.enrol("a", "b"), ("a", "b")))
        for each in names:
            self.fleet("group", "add", "--group", "lobby", "--device", each)
        self.fleet("config", "set", "--group", "lobby", *NEW, "--percent", "0")
        first, second = self.stage(list(names))
        self.rig.stop_central()
        self.rig.start_central()
        self.restarts(names[first])
        self.is_new(names[first])
        self.is_old(names[second])
        self.assertEqual(set(self.states().values()), {"as set"})
        self.fleet("config", "roll-out", "--group", "lobby")
        self.restarts(names[second])
        self.is_new(names[second])
        checked = self.rig.run("kaiku-kiosk", "--self-check", *self.arguments(names[second]))
        self.assertIn("first_language = sv, instrument = national-adult", checked.stdout)
        self.assertIn("national-adult version", checked.stdout)
        self.fleet("config", "undo", "--group", "lobby")
        for each in names.values():
            self.restarts(each)
            self.is_old(each)
        self.assertEqual(set(self.states().values()), {"as set"})

    def test_it_comes_between_two_visitors_and_an_answer_is_to_what_was_asked(self):
        self.enrol("a")
        self.fleet("config", "set", "--unit", "LOBBY", *NEW)
        self.play("a", [{"tap": "start.fi"}, {"expect": "configured"}, {"expect": "nps"}, *VISIT,
                        {"expect": "attract"}, {"expect": "synced"}, QUIET,
                        {"expect": "restart"}], RESTART)
        self.is_new("a")
        self.assertEqual(self.rig.report("--min-n", "1", "--by", "unit")["total"]["n"], 1)
        export = self.rig.central("export", "--format", "jsonl")
        self.assertEqual(json.loads(export)["instrument"], "quick-nps")

    def test_a_bad_one_is_refused_with_its_reason_and_another_one_is_taken(self):
        (device,) = self.enrol("a")
        self.fleet("config", "set", "--unit", "LOBBY", "theme=contrast-dark")
        self.restarts("a")
        self.fleet("config", "set", "--unit", "LOBBY", "instrument=not-installed")
        # It goes on with the last good one; central hears of the refusal by itself.
        log = self.play("a", [QUIET, {"expect": "heard"}, {"expect": "heard"}, {"expect": "heard"},
                              {"tap": "start.fi"}, *VISIT, {"expect": "synced"}])
        self.assertEqual(log.count("is refused: "), 1, log)
        self.assertEqual(self.states(), {device: "refused"})
        told = self.shown(device)
        self.assertIn("not-installed.json: no such instrument", told["config_trouble"])
        self.assertIn("refused", self.fleet("list"))
        self.assertIn("no such instrument", self.fleet("show", "--device", device))
        kept = json.loads((self.rig.folder / "a/fleet.json").read_text())
        self.assertEqual(kept["good"]["values"], {"theme": "contrast-dark"})
        self.fleet("config", "undo", "--unit", "LOBBY")
        self.play("a", [{"expect": "heard"}])
        self.assertEqual(self.states(), {device: "as set"})
        self.assertEqual(self.shown(device)["config_trouble"], "")

    def test_what_staff_and_the_command_line_say_wins_over_central(self):
        self.enrol("a")
        (self.rig.folder / "a/device.toml").write_text("first_language = 'fi'\n")
        self.fleet("config", "set", "--everywhere", *NEW)
        self.restarts("a")
        done = self.rig.run("kaiku-kiosk", *self.arguments(
            "a", [{"key": "next"}, {"expect": "focus start.fi"}, {"tap": "start.fi"},
                  {"tap": "nav.next"}, {"expect": "text"}], "--instrument", "quick-nps"))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_power_cut_while_it_is_taken_leaves_a_survey(self):
        (device,) = self.enrol("a")
        chance = random.Random(4711)
        kept = self.rig.folder / "a/fleet.json"
        for cut in range(8):
            self.fleet("config", "set", "--unit", "LOBBY",
                       NEW[0] if cut % 2 == 0 else "instrument=quick-nps", f"text_s={60 + cut}")
            before = kept.read_bytes() if kept.exists() else b""
            program = subprocess.Popen(
                [BIN / "kaiku-kiosk", *self.arguments("a", [QUIET, {"expect": "restart"}])],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # As it is written, or anywhere in a start.
            until = time.monotonic() + (20 if cut % 2 else chance.uniform(0.02, 0.6))
            while time.monotonic() < until and program.poll() is None:
                if cut % 2 and (kept.read_bytes() if kept.exists() else b"") != before:
                    break
            program.kill()
            program.wait(20)
            if kept.exists():
                self.assertEqual(json.loads(kept.read_text())["format"], 1)
        self.play("a", [{"expect": "attract"}, {"tap": "start.fi"}, {"tap": "nps.9"},
                        {"expect": "nps"}])
        self.play("a", [{"expect": "heard"}])
        if self.states() == {device: "not yet"}:
            self.restarts("a")
            self.play("a", [{"expect": "heard"}])
        self.assertEqual(self.states(), {device: "as set"})

    def test_one_that_ends_the_program_is_tried_three_times_and_given_up(self):
        (device,) = self.enrol("a")
        self.fleet("config", "set", "--unit", "LOBBY", "theme=contrast-dark")
        self.play("a", [QUIET, {"expect": "restart"}], RESTART)
        kept = self.rig.folder / "a/fleet.json"
        # As starts that were cut off left it.
        left = json.loads(kept.read_text())
        self.assertEqual(left["tries"], 0)
        kept.write_text(json.dumps(left | {"tries": 3}))
        log = self.play("a", [{"expect": "heard"}, {"expect": "heard"}, {"expect": "attract"}])
        self.assertIn("the program ended 3 times with it", log)
        self.assertEqual(self.states(), {device: "refused"})

    def test_a_terminal_without_central_goes_on_with_what_it_has(self):
        self.enrol("a")
        self.fleet("config", "set", "--everywhere", *NEW)
        self.restarts("a")
        self.rig.stop_central()
        self.play("a", [{"key": "next"}, {"expect": "focus start.sv"}, {"tap": "start.sv"},
                        {"tap": "nps.9"}, {"tap": "nav.next"}, {"expect": "statement.help"}])
        self.rig.start_central()

    def test_a_terminal_that_takes_anothers_place_keeps_its_history_and_its_settings(self):
        (old,) = self.enrol("a")
        self.fleet("group", "add", "--group", "lobby", "--device", old)
        self.fleet("config", "set", "--group", "lobby", "text_s=45")
        self.fleet("config", "set", "--device", old, "first_language=sv")
        self.play("a", [{"tap": "start.fi"}, *VISIT, {"expect": "synced"}, {"expect": "heard"}])
        self.sync("a")
        code = self.rig.central("device", "replace", "--device", old).strip()
        self.play("a", [{"tap": "start.fi"}, *VISIT, {"expect": "synced"}])  # until it is used
        self.sync("a")
        new = self.join(code, "b")
        self.restarts("b")
        self.play("b", [{"expect": "heard"}, {"key": "next"}, {"expect": "focus start.sv"},
                        {"tap": "start.sv"}, *VISIT, {"expect": "synced"}])
        self.sync("b")
        # The figures of the unit are one row of answers.
        report = self.rig.report("--min-n", "1", "--by", "unit")
        self.assertEqual([(each["unit"], each["n"]) for each in report["groups"]], [("LOBBY", 3)])
        # The ledger still knows every day of both, by device.
        ledger = json.loads(self.rig.central("ledger", "--format", "json"))
        counts = {each: [0, 0] for each in (old, new)}
        for day in ledger["days"]:
            self.assertEqual(day["unit"], "LOBBY")
            counts[day["device"]][0] += day["stored"]
            counts[day["device"]][1] += day["received"]
        self.assertEqual(counts, {old: [2, 2], new: [1, 1]})
        self.assertEqual([each["missing"] for each in ledger["devices"]], [0, 0])
        self.assertIn("Every answer that was kept is here.", self.rig.central("ledger"))
        # What was set for the old one holds for the new one; only the new one is looked after.
        told = self.shown(new)
        self.assertEqual(told["values"], {"text_s": "45", "first_language": "sv"})
        self.assertEqual(told["sources"]["first_language"],
                         {"scope": f"device {old}", "version": 1})
        self.assertEqual(self.states(), {new: "as set"})
        self.assertIn(f"replaced {old}", self.fleet("show", "--device", new))
        listed = {each["device"]: each
                  for each in json.loads(self.rig.central("device", "list", "--format", "json"))}
        self.assertEqual((listed[old]["state"], listed[old]["replaced_by"]), ("replaced", new))

    def sync(self, device):
        """So that the ledger is told too."""
        done = self.rig.run("kaiku-kiosk", "--sync", "--data-dir", self.rig.folder / device)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
