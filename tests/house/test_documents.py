#!/usr/bin/env python3
"""The README stays short with two set-up commands, links lead somewhere, nothing is left half done."""
import re
import unittest

import sources

README_LINES = 120
SETUP = ["scripts/demo.sh", "scripts/test.sh"]
LEFT_OVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|/(?:home|root|work|tmp/build)/\w")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def setup_commands(readme):
    """The lines of the code block under the heading that sets Kaiku up."""
    block = re.search(r"^## Set up\n.*?```(?:sh|bash)?\n(.*?)```", readme, re.DOTALL | re.MULTILINE)
    lines = block.group(1).splitlines() if block else []
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def findings(root):
    result = []
    readme = (root / "README.md").read_text(encoding="utf-8")
    if readme.count("\n") > README_LINES:
        result.append(f"README.md: {readme.count(chr(10))} lines; the budget is {README_LINES}")
    if setup_commands(readme) != SETUP:
        result.append(f"README.md: set-up commands are {setup_commands(readme)}, not {SETUP}")
    documents = [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]
    for document in documents:
        if not document.is_file():
            result.append(f"{document.relative_to(root)}: is missing")
            continue
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                result.append(f"{document.relative_to(root)}: links to {target}, which is not there")
    own = (".hpp", ".cpp", ".py", ".sh", ".txt", ".cmake", ".md", ".json", ".yaml", ".po")
    rooms = sources.CODE_ROOMS + ("scripts", "docs", "cmake", "assets", ".ci")
    for path in sources.files(root, own, rooms):
        for number, line in enumerate((root / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if LEFT_OVER.search(line):
                result.append(f"{path}:{number}: left over: {LEFT_OVER.search(line).group()}")
    return result


GOOD = {
    "README.md": "# K\n\n## Set up\n\n```sh\nscripts/demo.sh   # look\nscripts/test.sh\n```\n[d](docs/A.md)\n",
    "CHANGELOG.md": "# C\n",
    "docs/A.md": "# A\n",
}


class Documents(unittest.TestCase):
    maxDiff = None

    def test_the_documents_hold(self):
        self.assertEqual(findings(sources.ROOT), [])

    def test_a_good_set_has_no_finding(self):
        with sources.planted(GOOD) as root:
            self.assertEqual(findings(root), [])

    def test_each_planted_fault_is_found(self):
        mark = "TO" + "DO"
        for name, text in {
            "README.md": GOOD["README.md"].replace("scripts/test.sh", "make\nscripts/test.sh"),
            "docs/A.md": "[gone](B.md)\n",
            "survey/a.cpp": f"// {mark}: later\n",
            "scripts/a.sh": "cd /ho" "me/me\n",
            "CHANGELOG.md": "x\n[gone](nowhere.md)\n",
        }.items():
            with self.subTest(name), sources.planted(GOOD | {name: text}) as root:
                self.assertEqual(len(findings(root)), 1, findings(root))
        with sources.planted(GOOD | {"README.md": GOOD["README.md"] + "\n" * 120}) as root:
            self.assertEqual(len(findings(root)), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
