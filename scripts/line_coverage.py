#!/usr/bin/env python3
"""Adds up gcov's line counts per source and prints the share that ran.

Usage: line_coverage.py BUILD_FOLDER [--missing]
"""
import collections
import json
import pathlib
import subprocess
import sys

ROOMS = ("survey/", "kiosk/flow/", "sync/")
DEMANDED_PCT = 95.0


def line_counts(build, root):
    """{source: {line: times run}} over every object file of the rooms."""
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    data = [path for path in build.rglob("*.gcda") if "CMakeFiles" in path.parts]
    for start in range(0, len(data), 20):
        output = subprocess.run(
            ["gcov", "--json-format", "--stdout", *map(str, data[start:start + 20])],
            capture_output=True, text=True, check=True, cwd=build).stdout
        for document in output.splitlines():
            for entry in json.loads(document)["files"]:
                path = pathlib.Path(build, entry["file"]).resolve()
                if not path.is_relative_to(root):
                    continue
                name = path.relative_to(root).as_posix()
                if name.startswith(ROOMS):
                    for line in entry["lines"]:
                        lines[name][line["line_number"]] += line["count"]
    return lines


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    build = pathlib.Path(sys.argv[1]).resolve()
    lines = line_counts(build, root)
    sources = {path.relative_to(root).as_posix() for room in ROOMS for path in (root / room).rglob("*.cpp")}
    untouched = sorted(sources - set(lines))
    rows, poor = collections.defaultdict(lambda: [0, 0]), False
    for name in sorted(lines):
        ran = sum(count > 0 for count in lines[name].values())
        room = next(room for room in ROOMS if name.startswith(room))
        for key in (room, "total"):
            rows[key][0] += ran
            rows[key][1] += len(lines[name])
        print(f"{100 * ran / len(lines[name]):6.1f} %  {ran:4} of {len(lines[name]):4}  {name}")
        if "--missing" in sys.argv:
            missing = [number for number, count in sorted(lines[name].items()) if count == 0]
            if missing:
                print(f"          not run: {', '.join(map(str, missing))}")
    for name in untouched:
        print(f"   0.0 %  no test links {name}")
    print()
    for key in (*ROOMS, "total"):
        ran, all_lines = rows[key]
        share = 100 * ran / all_lines if all_lines else 0.0
        poor = poor or share < DEMANDED_PCT
        print(f"{share:6.2f} %  {ran} of {all_lines} lines  {key}")
    if poor or untouched:
        print(f"coverage: every room has to reach {DEMANDED_PCT} %, and every source be linked by a test",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
