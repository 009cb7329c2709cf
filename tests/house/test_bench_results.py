#!/usr/bin/env python3
"""Each benchmark rewrites its own section of bench/RESULTS.md and nothing else."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import results  # noqa: E402

ROW = ("what", "1 ms", "2 ms", "0.5 times", "at most 1 times", True)


class Results(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name, "RESULTS.md")

    def written(self, name, *lines):
        results.write(self.path, name, list(lines))
        return self.path.read_text(encoding="utf-8")

    def test_a_benchmark_replaces_its_own_section_and_keeps_the_others_byte_for_byte(self):
        self.written("one", "first of one")
        before = self.written("two", "first of two")
        after = self.written("one", "second of one")
        self.assertEqual(after, before.replace("first of one", "second of one"))

    def test_a_new_section_comes_after_what_is_there(self):
        one = self.written("one", "of one")
        self.assertTrue(self.written("two", "of two").startswith(one))

    def test_a_section_without_its_end_is_not_written_over(self):
        text = self.written("one", "of one").replace("<!-- end of one -->", "")
        self.path.write_text(text, encoding="utf-8")
        with self.assertRaises(SystemExit):
            results.write(self.path, "one", ["again"])
        self.assertEqual(self.path.read_text(encoding="utf-8"), text)

    def test_a_section_names_machine_system_cores_and_date_and_says_what_is_not_met(self):
        lines = "\n".join(results.section("Title", ["a fact"], [ROW, (*ROW[:-1], False)]))
        for word in ("cores", "- Date: 2", "- a fact", "| yes |", "| **no** |"):
            self.assertIn(word, lines)


if __name__ == "__main__":
    unittest.main()
