#!/usr/bin/env python3
"""A visitor takes a half-done answer along: the code on the terminal's screen, a phone, one answer."""
import html.parser
import json
import pathlib
import shutil
import subprocess
import unittest
import urllib.parse
import urllib.request

import rig


class Form(html.parser.HTMLParser):
    """What a browser would send back if nothing were changed."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.writing = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "input" and (at["type"] == "hidden" or "checked" in at):
            self.fields[at["name"]] = at["value"]
        self.writing = at["name"] if tag == "textarea" else None
        if self.writing:
            self.fields[self.writing] = ""

    def handle_data(self, data):
        if self.writing:
            self.fields[self.writing] += data.removeprefix("\n")


def decode(picture):
    """What the QR code on a picture says."""
    done = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{picture.name}: no code was read: {done.stderr}"
    return done.stdout.strip()


def look(link):
    with urllib.request.urlopen(link, timeout=30) as page:
        return Form(page.read().decode()).fields


def send(link, fields):
    data = urllib.parse.urlencode(fields).encode()
    with urllib.request.urlopen(link.split("?")[0], data, timeout=30) as page:
        return page.geturl()


@unittest.skipUnless(shutil.which("zbarimg"), "zbarimg is not installed (zbar-tools)")
class TakeAlong(unittest.TestCase):
    def setUp(self):
        self.rig = self.enterContext(rig.Rig())
        self.rig.start_central("--web-url", self.rig.url)
        self.rig.enrol("K1")

    def play(self, lines, window="1280x800"):
        shots = self.rig.folder / "shots"
        done = self.rig.play(lines, instrument="quick-nps", window=window,
                             extra=("--screenshots", str(shots)))
        self.assertEqual(done.returncode, 0, done.stderr)
        return shots

    def stored(self):
        out = self.rig.central("export", "--format", "jsonl")
        return [json.loads(line) for line in out.splitlines()]

    def assert_nothing_shown(self, link):
        for address in (link, f"{link}&lang=sv"):
            with urllib.request.urlopen(address, timeout=30) as page:
                text = page.read().decode()
            self.assertEqual(Form(text).fields, {})
            self.assertNotIn("hoito", text.lower())
            self.assertIn("skickats" if "lang=" in address else "jo lähetetty", text)

    HALF = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"type": "Hyvä hoito"}]
    TAKE = [{"tap": "phone"}, {"expect": "phone.code"}, {"screenshot": "code.png"}]

    def test_a_half_done_answer_is_finished_on_the_phone_and_counts_once(self):
        # On the small panel the keyboard fills the screen: the phone is taken a question earlier.
        small = [{"tap": "start.fi"}, {"tap": "nps.9"}]
        for count, (window, lines, text) in enumerate(
                (("1280x800", self.HALF, "Hyvä hoito"), ("800x480", small, "")), start=1):
            with self.subTest(window):
                shots = self.play(lines + self.TAKE + [{"tap": "phone.done"},
                                                       {"expect": "attract"}], window)
                link = decode(shots / "code.png")
                self.assertTrue(link.startswith(f"{self.rig.url}/s/K1?t="), link)
                self.assertNotIn("hoito", urllib.parse.unquote(link).lower())
                fields = look(link)
                self.assertEqual((fields["a.nps"], fields["a.text"]), ("9", text))
                self.assertEqual(len(self.stored()), count - 1)
                for _ in range(2):
                    self.assertIn("/s/K1/done", send(link, fields | {"a.text": "Hyvä hoito!"}))
                self.assertEqual(len(self.stored()), count)
                # Whoever gets the phone next and goes back sees nothing of it.
                self.assert_nothing_shown(link)
        self.assertEqual({one["channel"] for one in self.stored()}, {"qr"})

    def test_whichever_side_finishes_first_there_is_one_answer(self):
        finish = [{"tap": "nav.back"}, {"tap": "text.send"}, {"expect": "thanks"},
                  {"expect": "synced"}]
        # The terminal first: the visitor went back and finished there, then sent the phone's page.
        shots = self.play(self.HALF + self.TAKE + finish)
        link = decode(shots / "code.png")
        self.assert_nothing_shown(link)
        (one,) = self.stored()
        self.assertEqual(one["channel"], "kiosk")
        # The phone had its page open when the terminal sent.
        self.assertIn("/done", send(link, {"id": one["id"], "instrument": "quick-nps.1",
                                           "lang": "fi", "a.nps": "2"}))
        self.assertEqual([answer["id"] for answer in self.stored()], [one["id"]])
        self.assertEqual(self.stored()[0]["channel"], "kiosk")
        # The phone first: the terminal has kept its answer, but central is not to be reached yet.
        self.rig.stop_central()
        shots = self.play(self.HALF + self.TAKE + finish[:-1])
        self.rig.start_central("--web-url", self.rig.url)
        link = decode(shots / "code.png")
        fields = look(link)
        send(link, fields)
        synced = self.rig.run("kaiku-kiosk", "--sync", "--data-dir", self.rig.folder / "device")
        self.assertEqual(synced.returncode, 0, synced.stderr)
        self.assertEqual(len(self.stored()), 2)
        self.assertIn(("qr", fields["id"]), {(one["channel"], one["id"]) for one in self.stored()})

    def test_the_first_screen_leads_to_an_empty_form(self):
        shots = self.play([{"tap": "phone.sv"}, {"expect": "phone.code"},
                           {"screenshot": "code.png"}, {"advance_s": 160}, {"expect": "attract"}])
        link = decode(shots / "code.png")
        self.assertEqual(link, f"{self.rig.url}/s/K1")
        self.assertNotIn("a.nps", {name for name, value in look(link).items() if value})

    def test_the_terminal_keeps_nothing_of_an_answer_that_moved(self):
        self.play(self.HALF + self.TAKE + [{"tap": "phone.done"}, {"expect": "synced"}])
        for path in pathlib.Path(self.rig.folder / "device").rglob("*"):
            if path.is_file():
                self.assertNotIn("hoito".encode(), path.read_bytes(), path)
        self.assertEqual(self.stored(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
