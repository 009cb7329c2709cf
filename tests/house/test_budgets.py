#!/usr/bin/env python3
"""Budgets: 70 lines a function (100 in tests, which list cases), 400 a file (600 a test file)."""
import re
import unittest

import sources

FILE_LINES = 400
TEST_FILE_LINES = 600
FUNCTION_LINES = 70
TEST_FUNCTION_LINES = 100
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
LITERALS = re.compile(
    r"""R"(?P<d>[^()\s]{0,16})\(.*?\)(?P=d)"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|"""
    r"""(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""", re.DOTALL)


def without_literals(text):
    """The code with comments, strings and character literals blanked, line numbers kept."""
    return LITERALS.sub(lambda hit: "\n" * hit.group().count("\n") + " ", text)


def functions(text):
    """(first line, lines, head) of every outermost function body, by counting braces."""
    code = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda hit: "\n" * hit.group().count("\n"),
                  without_literals(text), flags=re.MULTILINE)
    stack, head, head_line, line = [], "", 1, 1
    for sign in code:
        if sign == "{":
            inside = any(kind == "function" for kind, _, _ in stack)
            is_function = not inside and ")" in head and not (
                CONTAINER.search(head) and not re.search(r"\)\s*(const|noexcept|override|\s)*$", head))
            stack.append(("function" if is_function else "other", head_line, head.strip()))
            head = ""
        elif sign == "}":
            if stack:
                kind, first, title = stack.pop()
                if kind == "function":
                    yield first, line - first + 1, " ".join(title.split())[:80]
            head = ""
        elif sign == ";" and head.count("(") == head.count(")"):
            head = ""
        else:
            if not head.strip() and not sign.isspace():
                head_line = line
            head += sign
        line += sign == "\n"


def findings(root):
    result = []
    for path in sources.files(root, (".hpp", ".cpp", ".py", ".sh"), sources.CODE_ROOMS + ("scripts",)):
        text = (root / path).read_text(encoding="utf-8")
        is_test = path.parts[0] == "tests"
        limit = TEST_FILE_LINES if is_test else FILE_LINES
        count = text.count("\n")
        if count > limit:
            result.append(f"{path}: {count} lines; the budget is {limit}")
        if path.suffix not in (".hpp", ".cpp"):
            continue
        for first, lines, head in functions(text):
            allowed = TEST_FUNCTION_LINES if is_test else FUNCTION_LINES
            if lines > allowed:
                result.append(f"{path}:{first}: {lines} lines in {head}; the budget is {allowed}")
    return result


def body(lines):
    return "".join(f"    use({number});\n" for number in range(lines))


class Budgets(unittest.TestCase):
    maxDiff = None

    def test_every_file_and_function_keeps_its_budget(self):
        self.assertEqual(findings(sources.ROOT), [])

    def test_a_long_function_is_found(self):
        for head in ("int f(int a) {", "void A::g() const noexcept {", "A::A(int b)\n    : b_(b) {",
                     "namespace x {\nstruct S {\n    void h() {"):
            text = head + "\n" + body(80) + "}\n" * head.count("{")
            with self.subTest(head), sources.planted({"survey/a.cpp": text}) as root:
                self.assertEqual(len(findings(root)), 1, findings(root))

    def test_a_long_file_is_found(self):
        with sources.planted({"survey/a.hpp": "// line\n" * 401}) as root:
            self.assertEqual(len(findings(root)), 1)

    def test_many_short_functions_are_no_finding(self):
        text = "namespace x {\n" + ("int f(char c) {\n    if (c == '{') return 1;\n    return 2;\n}\n" * 60) + "}\n"
        with sources.planted({"survey/a.cpp": text}) as root:
            self.assertEqual(findings(root), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
