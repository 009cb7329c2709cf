"""The systemd units are sound and shut in: as systemd's own tools judge them.
Usage: units_test.py PROGRAM"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
UNITS = pathlib.Path(__file__).parents[2] / "image/systemd"
# Most exposure that systemd-analyze may find, of 100.
MOST = {"kaiku-central.service": 12, "kaiku-keyholder.service": 10}


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True,
                          timeout=60, check=False)


def every_service_is_shut_in():
    services = sorted(path.name for path in UNITS.glob("*.service"))
    assert services, UNITS
    for name in services:
        most = MOST.get(name, 12)
        done = analyze("security", "--offline=true", "--no-pager", f"--threshold={most}",
                       str(UNITS / name))
        assert done.returncode == 0, done.stdout[-400:] + done.stderr


def an_open_unit_is_found():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        text = (UNITS / "kaiku-central.service").read_text(encoding="utf-8")
        unit = pathlib.Path(folder) / "open.service"
        unit.write_text(re.sub("(?m)^(Protect|Private|Restrict).*\n", "", text), encoding="utf-8")
        assert analyze("security", "--offline=true", "--threshold=12", str(unit)).returncode != 0


def units_verify():
    with tempfile.TemporaryDirectory(prefix="kaiku-") as folder:
        files = []
        for path in sorted(UNITS.iterdir()):
            if path.suffix not in (".service", ".socket", ".timer"):
                continue
            copy = pathlib.Path(folder) / path.name
            text = path.read_text(encoding="utf-8").replace("/usr/local/bin/kaiku-central", PROGRAM)
            copy.write_text(text, encoding="utf-8")
            files.append(str(copy))
        done = analyze("verify", *files)
        complaints = [line for line in done.stderr.splitlines() if "kaiku" in line]
        assert done.returncode == 0 and not complaints, done.stderr
        (pathlib.Path(folder) / "kaiku-central.service").write_text(
            "[Service]\nProtectEverything=yes\nExecStart=/nowhere/x\n", encoding="utf-8")
        assert analyze("verify", str(pathlib.Path(folder) / "kaiku-central.service")).returncode != 0


if shutil.which("systemd-analyze") is None:
    sys.exit("systemd-analyze is missing: install the package systemd (scripts/bootstrap.sh)")
for test in (every_service_is_shut_in, an_open_unit_is_found, units_verify):
    test()
    print(f"ok: {test.__name__.replace('_', ' ')}", flush=True)
