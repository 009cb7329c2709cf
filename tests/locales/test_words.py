#!/usr/bin/env python3
"""Every sentence of the programs stands in fi.po, sv.po and en.po, and every one is used."""
import ast
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "house"))
import sources  # noqa: E402

LANGUAGES = ("fi", "sv", "en")
ENTRY = re.compile(r'((?:^#.*\n)*)^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)^msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)',
                   re.MULTILINE)
PLACEHOLDER = re.compile(r"\{(\w*)\}")
USE = re.compile(r"\bKey::(\w+)")


def joined(literals):
    return "".join(ast.literal_eval(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', literals))


def catalogue(path):
    """{msgid: (sentence, is fuzzy)} of a .po file, the header left out."""
    found = {}
    for comments, name, text in ENTRY.findall(path.read_text(encoding="utf-8")):
        if joined(name):
            found[joined(name)] = (joined(text), "fuzzy" in comments)
    return found


def findings(root):
    result = []
    texts = {language: catalogue(root / "locales" / f"{language}.po") for language in LANGUAGES}
    every = sorted(set().union(*texts.values()))
    if not every:
        return ["locales/: no key was found"]
    for language, entries in texts.items():
        place = f"locales/{language}.po"
        for key in every:
            text, fuzzy = entries.get(key, (None, False))
            if text is None:
                result.append(f"{place}: {key} is missing")
            elif not text.strip():
                result.append(f"{place}: {key} is empty")
            elif fuzzy:
                result.append(f"{place}: {key} is fuzzy")
            elif key in texts["en"]:
                own, english = (sorted(PLACEHOLDER.findall(part)) for part in (text, texts["en"][key][0]))
                if own != english:
                    result.append(f"{place}: {key} has placeholders {own}, en.po has {english}")
    used = set()
    for path in sources.files(root, (".cpp", ".hpp"), ("kiosk", "central", "sync", "locales")):
        used.update(USE.findall((root / path).read_text(encoding="utf-8")))
    for key in every:
        if key.replace(".", "_") not in used:
            result.append(f"locales/: {key} is used nowhere as Key::{key.replace('.', '_')}")
    known = {key.replace(".", "_") for key in every}
    result += [f"Key::{name} is in no .po file" for name in sorted(used - known)]
    return result


def po(**texts):
    header = 'msgid ""\nmsgstr ""\n"Language: xx\\n"\n\n'
    return header + "\n".join(f'msgid "{key.replace("__", ".")}"\nmsgstr "{text}"\n'
                              for key, text in texts.items())


GOOD = {f"locales/{language}.po": po(a__one="x {n} {m}", a__two=f"y\\n{language}")
        for language in LANGUAGES} | {"kiosk/ui/a.cpp": "say(Key::a_one); say(locales::Key::a_two);"}


class Words(unittest.TestCase):
    maxDiff = None

    def test_the_catalogues_are_whole_and_used(self):
        self.assertEqual(findings(sources.ROOT), [])

    def test_a_good_set_has_no_finding(self):
        with sources.planted(GOOD) as root:
            self.assertEqual(findings(root), [])

    def test_each_planted_fault_is_found(self):
        for name, text in {
            "locales/sv.po": po(a__one="x {m} {n}"),
            "locales/fi.po": po(a__one="x {n}", a__two="y"),
            "locales/en.po": po(a__one="x {n} {m}", a__two=""),
            "kiosk/ui/a.cpp": "say(Key::a_one);",
            "kiosk/ui/b.cpp": "say(Key::a_three);",
        }.items():
            with self.subTest(name), sources.planted(GOOD | {name: text}) as root:
                self.assertEqual(len(findings(root)), 1, findings(root))
        fuzzy = GOOD["locales/sv.po"].replace('msgid "a.one"', '#, fuzzy\nmsgid "a.one"')
        with sources.planted(GOOD | {"locales/sv.po": fuzzy}) as root:
            self.assertEqual(findings(root), ["locales/sv.po: a.one is fuzzy"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
