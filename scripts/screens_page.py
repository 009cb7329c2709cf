#!/usr/bin/env python3
"""Chooses pictures of screens, makes them small (a palette), and writes their index page.

Usage: screens_page.py FROM TO, where FROM has one folder a panel, named by its size in pixels."""
import hashlib
import pathlib
import re
import struct
import sys
import zlib

MAIN = "1280x800"
# Beside the main panel in Finnish: these in other languages there, and in Finnish on other panels.
OFTEN_SEEN = ("attract", "who", "nps", "statement.help", "text", "thanks")
ELSEWHERE = OFTEN_SEEN + ("statement.child_kind@child",)
TITLES = {"1280x800": "10.1 inches, 1280×800", "800x1280": "10.1 inches upright, 800×1280",
          "800x480": "7 inches, 800×480"}


def read_png(path):
    """Width, height and rows of (r, g, b) triples as bytes, of an 8-bit RGB or RGBA picture."""
    data = path.read_bytes()
    at, packed = 8, b""
    width = height = channels = 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            if depth != 8 or colour not in (2, 6):
                raise ValueError(f"{path}: not an 8-bit RGB picture")
            channels = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    raw = zlib.decompress(packed)
    stride = width * channels
    before = bytearray(stride)
    rows = []
    for y in range(height):
        start = y * (stride + 1)
        row = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), before, channels)
        before = row
        rows.append(bytes(row) if channels == 3 else
                    b"".join(bytes(row[i:i + 3]) for i in range(0, stride, 4)))
    return width, height, rows


def unfilter(kind, row, above, step):
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(row, above))
    for i in range(len(row) if kind else 0):
        left = row[i - step] if i >= step else 0
        if kind == 1:
            row[i] = (row[i] + left) & 255
            continue
        up = above[i]
        if kind == 3:
            row[i] = (row[i] + (left + up) // 2) & 255
            continue
        corner = above[i - step] if i >= step else 0
        guess = left + up - corner
        distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
        best = distances.index(min(distances))
        row[i] = (row[i] + (left, up, corner)[best]) & 255
    return row


def quantised(rows):
    """A palette of at most 256 colours and rows of indices; rare shades join the nearest kept."""
    counts = {}
    for row in rows:
        for i in range(0, len(row), 3):
            colour = row[i:i + 3]
            counts[colour] = counts.get(colour, 0) + 1
    kept = sorted(counts, key=counts.get, reverse=True)[:256]
    index = {colour: place for place, colour in enumerate(kept)}
    for colour in counts:
        if colour not in index:
            index[colour] = min(range(len(kept)), key=lambda place: sum(
                (a - b) ** 2 for a, b in zip(kept[place], colour)))
    return kept, [bytes(index[row[i:i + 3]] for i in range(0, len(row), 3)) for row in rows]


def write_png(path, width, height, palette, rows):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" +
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) +
        chunk(b"PLTE", b"".join(palette)) +
        chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)) +
        chunk(b"IEND", b""))


def chosen(folder, panel):
    """(name, language, file) of the pictures to keep, none looking like an earlier one."""
    seen = set()
    for file in sorted(folder.glob("*.png")):
        name, language = re.fullmatch(r"(.+)-(fi|sv|en)", file.stem).groups()
        if panel != MAIN and (language != "fi" or name not in ELSEWHERE):
            continue
        if panel == MAIN and language != "fi" and name not in OFTEN_SEEN:
            continue
        look = hashlib.sha256(file.read_bytes()).digest()
        if look not in seen:
            seen.add(look)
            yield name, language, file


def main():
    source, target = map(pathlib.Path, sys.argv[1:3])
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.png"):
        old.unlink()
    page = ["# Every screen", "",
            "Drawn by `scripts/screens.sh` from the program itself; do not edit. `@` names the",
            "instrument where it is not the adults'. The widget walk in `tests/ui` checks far more:",
            "every language, text size, theme and panel."]
    for panel, title in TITLES.items():
        page += ["", f"## {title}", ""]
        for name, language, file in chosen(source / panel, panel):
            small = f"{panel}-{name.replace('@', '-of-')}-{language}.png"
            width, height, rows = read_png(file)
            palette, indices = quantised(rows)
            write_png(target / small, width, height, palette, indices)
            page += [f"**{name}**, {language}", "", f"![{name}, {language}]({small})", ""]
        page.pop()
    (target / "README.md").write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
