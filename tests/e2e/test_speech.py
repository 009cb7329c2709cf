#!/usr/bin/env python3
"""A listener's visits: what is said, in which language, to whom, and that every word has its clip."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from rig import BIN, Rig

SHARE = BIN.parent / "share" / "kaiku" / "speech"
VISIT = [{"tap": "nps.9"}, {"tap": "nav.next"}, {"type": "Ok, 2"}, {"tap": "text.send"},
         {"expect": "thanks"}]


def clip_name(text):
    value = 0xcbf29ce484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001b3 % 2**64
    return f"{value:016x}"


def spoken(rig, lines, instrument="quick-nps", environment=None, extra=()):
    """[(language, text)] of what was said during a script; the run's result."""
    log = rig.folder / "speech.jsonl"
    arguments = rig.kiosk_arguments(lines, instrument=instrument,
                                    extra=("--unit", "T", "--speech-log", log, *extra))
    done = subprocess.run([BIN / "kaiku-kiosk", *arguments], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL,
                          env=os.environ | (environment or {}))
    said = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [("chime", entry["chime"]) if "chime" in entry else (entry["language"], entry["text"])
            for entry in said], done


class Listening(unittest.TestCase):
    def test_a_whole_visit_is_heard_in_its_own_language_and_every_sentence_has_a_clip(self):
        thanks = {"fi": "Kiitos palautteestasi!", "sv": "Tack", "en": "Thank you for your feedback!"}
        for language, last in thanks.items():
            with self.subTest(language), Rig() as rig:
                lines = [{"tap": f"start.{language}"}, {"headphones": True}, *VISIT,
                         {"expect_speech": last}, {"tap": "thanks.done"}]
                said, done = spoken(rig, lines)
                # The device is not enrolled; the log may say so before the script ends.
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual({each for each, _ in said}, {language})
                self.assertGreater(len(said), 15)
                for each, text in said:
                    self.assertTrue((SHARE / each / f"{clip_name(text)}.ogg").is_file(), text)

    def test_the_first_screen_speaks_each_half_in_its_own_language(self):
        with Rig() as rig:
            said, _ = spoken(rig, [{"headphones": True}])
            self.assertIn(("fi", "Vastaat nimettömästi."), said)
            self.assertIn(("sv", "Du svarar anonymt."), said)

    def test_nothing_is_said_before_speech_is_on_and_after_the_headphones_are_out(self):
        with Rig() as rig:
            said, done = spoken(rig, [{"tap": "start.en"}, *VISIT, {"tap": "thanks.done"},
                                      {"headphones": True}, {"headphones": False},
                                      {"tap": "start.sv"}, {"tap": "nps.3"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(said)
            self.assertNotIn("3", [text for _, text in said])
            self.assertNotIn("9", [text for _, text in said])

    def test_the_next_visitor_is_met_in_silence(self):
        with Rig() as rig:
            visit = [{"tap": "start.fi"}, *VISIT, {"tap": "thanks.done"}]
            said, done = spoken(rig, [{"headphones": True}, *visit, {"tap": "start.en"},
                                      {"tap": "nps.9"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("en", {language for language, _ in said})

    def test_the_countdown_is_heard_in_steps_and_a_listener_has_more_time(self):
        with Rig() as rig:
            said, done = spoken(rig, [{"tap": "start.en"}, {"headphones": True},
                                      {"advance_s": 290}, {"expect": "nps"}, {"advance_s": 11},
                                      {"expect": "idle"}, {"advance_s": 10}, {"advance_s": 1},
                                      {"tap": "idle.stay"}, {"expect": "nps"}])
            self.assertEqual(done.returncode, 0, done.stderr)
            steps = [text for _, text in said if "seconds" in text]
            self.assertEqual(steps, ["We will clear your answers in 30 seconds."])

    def test_the_button_starts_speech_and_a_loudspeaker_spells_nothing(self):
        with Rig() as rig:
            said, done = spoken(rig, [{"tap": "start.en"}, {"tap": "speech"}, *VISIT])
            self.assertEqual(done.returncode, 0, done.stderr)
            texts = [text for _, text in said]
            self.assertEqual(texts.count("Character added."), 5)
            for letter in ("o", "k", "comma", "2"):
                self.assertNotIn(letter, texts)

    def test_volume_pace_and_repeat_are_heard(self):
        with Rig() as rig:
            _, done = spoken(rig, [
                {"tap": "start.en"}, {"tap": "speech"}, {"tap": "tools"},
                {"tap": "speech.volume.up"}, {"expect_speech": "Volume 4 of 5"},
                {"tap": "speech.rate.up"}, {"expect_speech": "Fast speech"},
                {"tap": "speech.pause"}, {"tap": "speech.pause"}, {"tap": "tools.done"},
                {"expect_speech": "Question 1 of 2"}, {"tap": "tools"}, {"tap": "speech"},
                {"expect_speech": "Speech is off."}])
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_an_unheard_sentence_fails_the_script(self):
        with Rig() as rig:
            _, done = spoken(rig, [{"headphones": True}, {"expect_speech": "Never said"}])
            self.assertEqual(done.returncode, 1)
            self.assertIn(":2: expected to hear", done.stderr)


class Sound(unittest.TestCase):
    """The program with a sound card that writes into a file."""

    def run_with_sound(self, rig, lines, driver="disk", more=""):
        config = rig.folder / "kiosk.toml"
        config.write_text("[speech]\nsound = true\n" + more)
        raw, trace = rig.folder / "sound.raw", rig.folder / "libraries"
        said, done = spoken(rig, lines, extra=("--config", config), environment={
            "SDL_AUDIODRIVER": driver, "SDL_DISKAUDIOFILE": str(raw), "SDL_DISKAUDIODELAY": "0",
            "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(trace)})
        self.assertEqual(done.returncode, 0, done.stderr)
        loaded = "".join(path.read_text(errors="replace")
                         for path in rig.folder.glob("libraries.*"))
        return said, raw.read_bytes() if raw.exists() else b"", "SDL2_mixer" in loaded

    def test_a_silent_visit_never_loads_the_mixer(self):
        with Rig() as rig:
            said, sound, mixer = self.run_with_sound(rig, [{"tap": "start.fi"}, *VISIT])
            self.assertEqual((said, sound, mixer), ([], b"", False))

    def test_a_listener_hears_the_clips_one_after_the_other(self):
        with Rig() as rig:
            said, sound, mixer = self.run_with_sound(
                rig, [{"tap": "start.en"}, {"headphones": True},
                      {"expect_speech": "Extremely likely"}])
            self.assertTrue(mixer)
            self.assertGreater(len(said), 4)
            self.assertGreater(len(sound), 2 * 22_050 * 5)  # seconds of it
            self.assertGreater(len(set(sound)), 100)

    WARNED = [{"tap": "start.fi"}, {"advance_s": 59}, {"expect": "nps"}, {"advance_s": 2},
              {"expect": "idle"}, {"expect": "silence"}, {"advance_s": 10}, {"tap": "idle.stay"}]

    def test_the_idle_warning_chimes_once_each_time_it_appears(self):
        with Rig() as rig:
            said, sound, mixer = self.run_with_sound(rig, self.WARNED)
            self.assertEqual((said, mixer), ([("chime", 3)], True))
            self.assertGreater(len(set(sound)), 100)
        with Rig() as rig:
            said, _, _ = self.run_with_sound(rig, self.WARNED + [
                {"advance_s": 61}, {"expect": "idle"}, {"advance_s": 31}, {"expect": "attract"},
                {"advance_s": 3600}])
            self.assertEqual(said, [("chime", 3)] * 2)

    def test_nothing_chimes_while_the_voice_speaks(self):
        with Rig() as rig:
            said, _, _ = self.run_with_sound(rig, [
                {"headphones": True}, {"tap": "start.en"}, {"advance_s": 301}, {"expect": "idle"},
                {"expect_speech": "seconds"}, {"advance_s": 60}, {"expect": "attract"}])
            self.assertNotIn("chime", [each for each, _ in said])

    def test_the_chime_can_be_made_louder_and_turned_off(self):
        for key, heard in (("chime_volume = 5", [("chime", 5)]), ("chime = false", [])):
            with self.subTest(key), Rig() as rig:
                said, _, mixer = self.run_with_sound(rig, self.WARNED, more=key + "\n")
                self.assertEqual((said, mixer), (heard, bool(heard)))

    def test_without_a_sound_card_the_warning_is_still_seen(self):
        with Rig() as rig:
            said, sound, _ = self.run_with_sound(rig, self.WARNED + [{"expect": "nps"}],
                                                 driver="no-such-driver")
            self.assertEqual((said, sound), ([("chime", 3)], b""))

    def test_without_a_sound_card_the_terminal_works_on(self):
        with Rig() as rig:
            said, sound, _ = self.run_with_sound(
                rig, [{"headphones": True}, {"tap": "start.fi"}, *VISIT], driver="no-such-driver")
            self.assertTrue(said)
            self.assertEqual(sound, b"")


class Clips(unittest.TestCase):
    renderer = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "render_speech.py"

    def render(self, folder, lines):
        return subprocess.run([self.renderer, "--out", folder], text=True, capture_output=True,
                              input="\n".join(line if isinstance(line, str) else json.dumps(line)
                                              for line in lines), timeout=60, check=False)

    @staticmethod
    def entry(text, language="fi", name=None):
        return {"language": language, "name": name or clip_name(text), "text": text}

    def test_a_list_is_rendered_under_the_clips_names(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.render(folder, [self.entry("Kiitos!"), self.entry("Tack!", "sv")])
            self.assertEqual(done.returncode, 0, done.stderr)
            for language, text in (("fi", "Kiitos!"), ("sv", "Tack!")):
                clip = pathlib.Path(folder, language, clip_name(text) + ".ogg")
                self.assertEqual(clip.read_bytes()[:4], b"OggS")

    def test_a_sentence_that_cannot_be_heard_fails_and_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.render(folder, [self.entry("Hei"), self.entry("\u200b")])
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("silent", done.stderr)

    def test_a_bad_list_fails(self):
        cases = {"empty": [], "no JSON": ["{"], "no name": [{"language": "fi", "text": "a"}],
                 "other language": [self.entry("a", "de")],
                 "a path for a name": [self.entry("a", name="../../../../../x")],
                 "one name twice": [self.entry("a", name="0" * 16), self.entry("b", name="0" * 16)]}
        for name, lines in cases.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                self.assertNotEqual(self.render(folder, lines).returncode, 0)

    def test_the_list_names_a_missing_clip_and_a_recorded_one_wins(self):
        with Rig() as rig:
            own = rig.folder / "device" / "speech" / "fi"
            own.mkdir(parents=True)
            (own / (clip_name("Aloita") + ".wav")).write_bytes(b"RIFF")
            done = rig.run("kaiku-kiosk", "--list-speech", "--data-dir", rig.folder / "device")
            entries = [json.loads(line) for line in done.stdout.splitlines()]
            self.assertEqual([entry for entry in entries if not entry["clip"]], [])
            for entry in entries:
                self.assertEqual(entry["name"], clip_name(entry["text"]))
            begin = [entry["clip"] for entry in entries
                     if (entry["language"], entry["text"]) == ("fi", "Aloita")]
            self.assertEqual(begin, [str(own / (clip_name("Aloita") + ".wav"))])


if __name__ == "__main__":
    unittest.main(verbosity=2)
