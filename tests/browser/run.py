#!/usr/bin/env python3
"""Runs the browser tests: central with a unit for each survey, Debian's Chromium, and afterwards a
look at what central holds. Exits 77 (skipped) where the browser or npm's packages are not to be had.

Usage: run.py FOLDER   (for npm's packages; kept between runs)
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from rig import Rig  # noqa: E402
from take_along import TakeAlong, decode  # noqa: E402

SKIPPED = 77
SURVEYS = {"QUICK": "quick-nps", "NATIONAL": "national-adult", "EASY": "national-adult-plain",
           "CHILD": "child", "RELATIVE": "relative"}
SINGLE = ("KEYS", "PLAIN", "BACK")  # quick-nps, one answer each
TAKEN = "TAKEN"  # quick-nps, begun on a terminal


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def packages(folder):
    """npm's packages as the lock file names them; quick when they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "package-lock.json"
    wanted = HERE / "package-lock.json"
    if not (kept.exists() and kept.read_bytes() == wanted.read_bytes()
            and (folder / "node_modules").exists()):
        shutil.copy(HERE / "package.json", folder)
        shutil.copy(wanted, folder / "wanted.json")
        os.replace(folder / "wanted.json", kept)
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
                              cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            kept.unlink()
            words = done.stderr.strip().splitlines()
            offline = [line for line in words if "ENOTFOUND" in line or "EAI_AGAIN" in line
                       or "ECONNREFUSED" in line or "ETIMEDOUT" in line]
            if offline:
                skip(f"npm reaches no registry: {offline[0]}")
            raise SystemExit("npm ci failed:\n" + "\n".join(words[-10:]))
    for test in HERE.glob("*.mjs"):
        shutil.copy(test, folder)


def take_along(rig):
    """The link that a terminal's code leads to: a score and a text, half done, in Finnish."""
    rig.enrol(TAKEN)
    done = rig.play([*TakeAlong.HALF, *TakeAlong.TAKE, {"tap": "phone.done"}, {"expect": "attract"}],
                    instrument="quick-nps", extra=("--screenshots", rig.folder))
    assert done.returncode == 0, done.stderr
    return decode(rig.folder / "code.png")


def main():
    folder = pathlib.Path(sys.argv[1])
    for program in ("npm", "node", "chromium"):
        if shutil.which(program) is None:
            skip(f"{program} is not installed (scripts/bootstrap.sh)")
    packages(folder)
    with Rig() as rig:
        for code in (*SURVEYS, *SINGLE):
            rig.central("unit", "add", "--code", code, "--name-fi", "Korvaklinikka",
                        "--name-sv", "Öronkliniken")
        config = rig.folder / "central.toml"
        chosen = "".join(f'{code} = "{name}"\n' for code, name in SURVEYS.items())
        config.write_text(f'[web]\nurl = "{rig.url}"\n[web.instruments]\n{chosen}')
        rig.start_central("--config", config)
        done = subprocess.run(["node", "--test", "survey.test.mjs"], cwd=folder, check=False,
                              timeout=240,
                              env={**os.environ, "KAIKU_SURVEY_URL": rig.url,
                                   "KAIKU_SURVEY_TAKEN": take_along(rig),
                                   "KAIKU_SURVEY_UNITS": " ".join(SURVEYS)})
        if done.returncode != 0:
            sys.exit(done.returncode)
        for code in SURVEYS:  # once in each language
            assert rig.report("--unit", code, "--min-n", "1")["total"]["n"] == 3, code
        for code in (*SINGLE, TAKEN):  # however often it was pressed
            assert rig.report("--unit", code, "--min-n", "1")["total"]["n"] == 1, code
        print("central holds each answer once")


if __name__ == "__main__":
    main()
