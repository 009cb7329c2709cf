"""The file of results: one section for each benchmark, of which each rewrites its own."""
import datetime
import os
import pathlib
import platform

HEAD = ["# Measurements", "",
        "Written by `scripts/bench.sh`, each section by the benchmark of its name; do not edit by hand.",
        "Times and rates are this machine's; what is demanded is a ratio to a peer or to a limit that",
        "the same run measured on the same machine.", ""]


def machine():
    model = next((line.split(":", 1)[1].strip()
                  for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    release = {}
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        key, _, value = line.partition("=")
        release[key] = value.strip('"')
    return f"{model}, {os.cpu_count()} cores, {release.get('PRETTY_NAME', 'Linux')}, kernel {platform.release()}"


def when():
    return f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC"


def section(title, facts, rows, after=()):
    """Lines of one section. A row: (what, own, other or limit, figure, demand, met or None)."""
    said = {True: "yes", False: "**no**", None: ""}
    return [f"## {title}", "", f"- Machine: {machine()}", f"- Date: {when()}",
            *(f"- {fact}" for fact in facts), "",
            "| what | Kaiku | peer or limit | comes to | demanded | met |",
            "|---|---|---|---|---|---|",
            *(f"| {what} | {own} | {other} | {figure} | {demand} | {said[met]} |"
              for what, own, other, figure, demand, met in rows), "", *after]


def write(path, name, lines):
    """Puts the lines between the marks of this benchmark; every other section stays as it is."""
    begin, end = f"<!-- {name}: written by scripts/bench.sh {name} -->", f"<!-- end of {name} -->"
    body = "\n".join([begin, "", *lines, "", end])
    text = path.read_text(encoding="utf-8") if path.exists() else "\n".join(HEAD) + "\n"
    before, found, rest = text.partition(begin)
    if found:
        _, closed, after = rest.partition(end)
        if not closed:
            raise SystemExit(f"{path}: the section {name} has no end; put '{end}' back")
        text = before + body + after
    else:
        text = text.rstrip("\n") + "\n\n" + body + "\n"
    path.write_text(text, encoding="utf-8")
