#!/usr/bin/env python3
"""Renders a clip for every sentence on the lists of kaiku-kiosk --list-speech.

    kaiku-kiosk --list-speech --instrument own.json | scripts/render_speech.py --out DIR

Each clip becomes DIR/<language>/<name>.ogg. Fails if a sentence comes out silent. Clips of sentences
that are no longer listed are removed with --prune. Rendered clips are kept in --cache by what they
hold, so that only new sentences take time.
"""
import argparse
import array
import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import wave

# espeak-ng's voices and words a minute: a little slower than its own, clear in a noisy hall.
VOICES = {"fi": "fi", "sv": "sv", "en": "en-gb"}
WORDS_A_MINUTE = 150
RECIPE = "1"  # raise it when the rendering below changes
LEAST_SECONDS = 0.05
LEAST_PEAK = 500  # of 32767
NAME = re.compile(r"[0-9a-f]{16}")


class Fault(Exception):
    pass


def sentences(sources):
    """{(language, name): text} of all lists; two sentences under one name are a fault."""
    found = {}
    for source in sources:
        for number, line in enumerate(source, 1):
            try:
                entry = json.loads(line)
                language, name, text = entry["language"], entry["name"], entry["text"]
            except (ValueError, KeyError, TypeError):
                raise Fault(f"line {number}: is no line of --list-speech") from None
            if language not in VOICES or not NAME.fullmatch(name):
                raise Fault(f"line {number}: unknown language or bad name")
            if found.setdefault((language, name), text) != text:
                raise Fault(f"{language}/{name}: two sentences share this name; change a word in one")
    if not found:
        raise Fault("the list is empty")
    return found


def sounds(wav):
    """True if this WAV file holds something to hear."""
    with wave.open(io.BytesIO(wav)) as clip:
        # espeak-ng writes to a pipe and cannot know the length: the header's count is too large.
        frames = clip.readframes(1 << 30)
        rate = clip.getframerate()
    samples = array.array("h", frames[:len(frames) // 2 * 2])
    return len(samples) >= LEAST_SECONDS * rate and max(map(abs, samples), default=0) >= LEAST_PEAK


def run(command, text):
    done = subprocess.run(command, input=text, capture_output=True, check=False)
    if done.returncode != 0:
        raise Fault(f"{command[0]}: {done.stderr.decode(errors='replace').strip()[:200]}")
    return done.stdout


def render(language, text, cache):
    """Path of the sentence's clip in the cache, rendered if it is not there."""
    recipe = f"{RECIPE}\n{VOICES[language]}\n{WORDS_A_MINUTE}\n{text}"
    kept = cache / (hashlib.sha256(recipe.encode()).hexdigest() + ".ogg")
    if kept.is_file():
        return kept
    wav = run(["espeak-ng", "-v", VOICES[language], "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin",
               "--stdout"], text.encode())
    if not sounds(wav):
        raise Fault(f"{language}: \"{text}\" comes out silent; give it words that can be said")
    ogg = run(["oggenc", "-Q", "-q", "1", "--serial", "1", "-o", "-", "-"], wav)
    part = kept.with_name(f"{kept.name}.{os.getpid()}.{id(ogg)}")
    part.write_bytes(ogg)
    part.replace(kept)
    return kept


def render_all(wanted, out, cache, jobs):
    cache.mkdir(parents=True, exist_ok=True)
    for language in VOICES:
        (out / language).mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(render, language, text, cache): out / language / f"{name}.ogg"
                   for (language, name), text in sorted(wanted.items())}
        for future in concurrent.futures.as_completed(futures):
            kept, target = future.result(), futures[future]
            if target.is_file() and target.stat().st_size == kept.stat().st_size \
                    and target.read_bytes() == kept.read_bytes():
                continue
            shutil.copyfile(kept, target)


def prune(wanted, out):
    for language in VOICES:
        for clip in (out / language).glob("*.ogg"):
            if (language, clip.stem) not in wanted:
                clip.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lists", nargs="*", type=pathlib.Path, help="files; none: standard input")
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--cache", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=min(3, os.cpu_count() or 1))
    parser.add_argument("--prune", action="store_true")
    given = parser.parse_args()
    try:
        lists = [path.read_text(encoding="utf-8").splitlines() for path in given.lists]
        wanted = sentences(lists or [sys.stdin.read().splitlines()])
        render_all(wanted, given.out, given.cache or given.out / ".cache", given.jobs)
        if given.prune:
            prune(wanted, given.out)
    except (Fault, OSError) as fault:
        sys.exit(f"render_speech: {fault}")


main()
