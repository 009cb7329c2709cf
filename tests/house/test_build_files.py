#!/usr/bin/env python3
"""CMake lists every source, once, and each source it lists exists."""
import json
import pathlib
import re
import unittest

import sources

SOURCE = re.compile(r"(?<![\w/${}.-])((?:[\w.-]+/)*[\w-]+\.cpp)\b")


# "${support}/name.cpp": counted by its end, since only CMake knows the variable.
BEHIND_VARIABLE = re.compile(r"\$\{\w+\}([\w./-]+\.cpp)\b")


def findings(root):
    listed, ends, result = set(), [], []
    for path in sources.files(root, ("CMakeLists.txt", ".cmake")):
        text = re.sub(r"#[^\n]*", "", (root / path).read_text(encoding="utf-8"))
        ends += BEHIND_VARIABLE.findall(text)
        for name in SOURCE.findall(text):
            if name.startswith("imgui_impl_"):  # comes with libimgui-dev
                continue
            local = pathlib.Path(path.parent, name)
            if (root / local).is_file():
                listed.add((root / local).resolve())
            else:
                result.append(f"{path}: lists {name}, which is not there")
        if re.search(r"\bGLOB(_RECURSE)?\b[^)]*\.[ch]pp", text):
            result.append(f"{path}: sources are listed, not globbed")
    for path in sources.files(root, (".cpp",)):
        if (root / path).resolve() not in listed and not f"/{path}".endswith(tuple(ends)):
            result.append(f"{path}: is in no CMakeLists.txt")
    for path in sources.files(root, (".hpp",)):
        if not re.search(r"^#pragma once$", (root / path).read_text(encoding="utf-8"), re.MULTILINE):
            result.append(f"{path}: has no #pragma once")
    return result


GOOD = {"survey/CMakeLists.txt": "add_library(a a.cpp b/c.cpp)\n", "survey/a.cpp": "",
        "survey/b/c.cpp": "", "survey/a.hpp": "#pragma once\n"}


class BuildFiles(unittest.TestCase):
    maxDiff = None

    def test_every_source_is_listed_and_exists(self):
        self.assertEqual(findings(sources.ROOT), [])

    def test_lock_files_name_versions_and_hashes_and_no_addresses(self):
        locks = list(sources.files(sources.ROOT, ("package-lock.json",)))
        self.assertTrue(locks)
        for lock in locks:
            packages = json.loads((sources.ROOT / lock).read_text(encoding="utf-8"))["packages"]
            for name, package in packages.items():
                self.assertNotIn("resolved", package, f"{lock}: {name}")
                self.assertTrue(not name or package["integrity"].startswith("sha512-"), name)

    def test_a_good_tree_has_no_finding(self):
        with sources.planted(GOOD) as root:
            self.assertEqual(findings(root), [])

    def test_each_planted_fault_is_found(self):
        for name, text in {
            "survey/forgotten.cpp": "",
            "survey/CMakeLists.txt": "add_library(a a.cpp b/c.cpp gone.cpp)\n",
            "sync/CMakeLists.txt": "file(GLOB all CONFIGURE_DEPENDS *.cpp)\n",
            "survey/a.hpp": "int a;\n",
        }.items():
            with self.subTest(name), sources.planted(GOOD | {name: text}) as root:
                self.assertEqual(len(findings(root)), 1, findings(root))


if __name__ == "__main__":
    unittest.main(verbosity=2)
