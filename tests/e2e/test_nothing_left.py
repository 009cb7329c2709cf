#!/usr/bin/env python3
"""What a visitor typed is gone from the terminal's memory once the idle time has wiped it.

All readable pages of the running process are searched, which is what a core dump would hold. The
script types letter by letter, so that the text stands nowhere but where the terminal composed it.
"""
import signal
import subprocess
import time
import unittest

from rig import BIN, Rig

# In no word of any catalogue; five times four letters; longer than a std::string holds in itself.
SECRET = "qzwxjvbkpygfhdmcltns"
FRAGMENT = 7  # this many letters in a row are a find
FIRST = [{"tap": "start.fi"}, {"tap": "nps.9"}, {"tap": "nav.next"}, {"tap": "text.send"},
         {"expect": "thanks"}, {"tap": "thanks.done"}]
TO_TEXT = [{"tap": "start.fi"}, {"tap": "nps.3"}, {"tap": "nav.next"}]
TYPED = [{"type": letter} for letter in SECRET]
GONE = [{"advance_s": 400}, {"expect": "attract"}]
CODINGS = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}


def finds(content):
    """Runs of FRAGMENT letters or more, in any case: a run holds a quarter of the text whole."""
    content = content.lower()
    for coding, width in CODINGS.items():
        for start in range(0, len(SECRET), 4):
            quarter = SECRET[start:start + 4].encode(coding)
            at = content.find(quarter)
            while at >= 0:
                around = content[max(0, at - 4 * width):at + 8 * width]
                for first in range(max(0, start - 3), min(start, len(SECRET) - FRAGMENT) + 1):
                    if SECRET[first:first + FRAGMENT].encode(coding) in around:
                        yield f"{SECRET[first:first + FRAGMENT]} as {coding} at {at}"
                        break
                at = content.find(quarter, at + 1)


def memory(pid):
    """(name, bytes) of each readable mapping."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        rows = [line.split(maxsplit=5) for line in maps]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as pages:
        for row in rows:
            if not row[1].startswith("rw"):
                continue  # programs and files as they are on the disk
            first, last = (int(end, 16) for end in row[0].split("-"))
            pages.seek(first)
            try:
                yield (row[5].strip() if len(row) > 5 else "anonymous"), pages.read(last - first)
            except OSError:
                continue  # a mapped file that got shorter


def left_in_memory(visit, window="1280x800"):
    """Where the typed text stands after the script's lines, while the process waits."""
    with Rig() as rig:
        rig.start_central("--web-url", rig.url)
        rig.enrol()
        rig.kill_central()  # the first visit's answer waits
        picture = rig.folder / "pictures" / "here.png"
        held = [{"screenshot": "again.png"}] * 500  # the process lives until it is stopped
        lines = FIRST + visit + [{"screenshot": picture.name}, *held]
        arguments = rig.kiosk_arguments(lines, instrument="quick-nps", window=window,
                                        extra=("--screenshots", picture.parent))
        with subprocess.Popen([BIN / "kaiku-kiosk", *arguments], stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True) as terminal:
            deadline = time.monotonic() + 60
            while not picture.exists() and time.monotonic() < deadline:
                if terminal.poll() is not None:
                    raise AssertionError(terminal.stderr.read())
                time.sleep(0.05)
            terminal.send_signal(signal.SIGSTOP)
            found = [f"{name}: {find}" for name, content in memory(terminal.pid)
                     for find in finds(content)]
            terminal.kill()
        return found


BACK_TO = {  # screens that a visitor may leave after typing
    "text": [],
    "nps": [{"tap": "nav.back"}, {"expect": "nps"}],
    "phone": [{"tap": "phone"}, {"expect": "phone.code"}],
    "idle": [{"advance_s": 95}, {"expect": "idle"}],
}


class NothingLeft(unittest.TestCase):
    def test_the_search_finds_a_text_that_is_being_typed(self):
        self.assertNotEqual(left_in_memory(TO_TEXT + TYPED), [])

    def test_idle_on_any_screen_leaves_nothing(self):
        for screen, way in BACK_TO.items():
            with self.subTest(screen):
                self.assertEqual(left_in_memory(TO_TEXT + TYPED + way + GONE), [])

    def test_a_small_panel_with_its_own_keyboard_and_tools_leaves_nothing(self):
        way = [{"tap": "text.done"}, {"tap": "nav.back"}, {"tap": "tools"}, {"expect": "tools"}]
        self.assertEqual(left_in_memory(TO_TEXT + TYPED + way + GONE, window="800x480"), [])

    def test_an_answer_that_was_thanked_for_leaves_nothing_while_it_waits(self):
        way = [{"tap": "text.send"}, {"expect": "thanks"}, {"tap": "thanks.done"},
               {"expect": "attract"}]
        self.assertEqual(left_in_memory(TO_TEXT + TYPED + way), [])

    def test_a_contact_and_a_text_heard_in_headphones_leave_nothing(self):
        way = [{"headphones": True}, *TO_TEXT, *TYPED, {"key": "previous"}, {"headphones": False}]
        self.assertEqual(left_in_memory(way + GONE), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
