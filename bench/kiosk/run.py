#!/usr/bin/env python3
"""Runs the terminal and Chromium's kiosk mode in turns under Xvfb and writes the table.

Called by scripts/bench.sh. Everything about the two programs is measured from outside, in the same
way: pixels and drawing operations through X, memory and wake-ups through /proc.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import results  # noqa: E402

SIZE = (1280, 800)
SETTLE_S = 3
IDLE_S = 10


def descendants(root):
    """Process ids of root and everything below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = pathlib.Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            children.setdefault(int(stat.rsplit(")", 1)[1].split()[1]), []).append(int(entry))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def pss_mb(pids):
    total_kb = 0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total_kb += int(line.split()[1])
        except OSError:
            continue
    return total_kb / 1024


def voluntary_switches(pids):
    """Each time a thread went to sleep; it was woken as often."""
    total = 0
    for pid in pids:
        for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
            try:
                for line in status.read_text().splitlines():
                    if line.startswith("voluntary_ctxt_switches"):
                        total += int(line.split()[1])
            except OSError:
                continue
    return total


class Screen:
    """One Xvfb of our own."""

    def __enter__(self):
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24",
             "-nolisten", "tcp"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            self.name = ":" + answer.readline().strip()
        self.environment = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        self.environment["DISPLAY"] = self.name
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_once(screen, probe, command, idle):
    """Starts a program on an empty screen; its first frame, memory and, if asked, its idle life."""
    watcher = subprocess.Popen([probe, "first-frame"], env=screen.environment, text=True,
                               stdout=subprocess.PIPE)
    watcher.stdout.readline()
    start_ns = time.monotonic_ns()
    program = subprocess.Popen(command, env=screen.environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        seen = watcher.communicate(timeout=40)[0].strip()
        if watcher.returncode != 0:
            sys.exit(f"bench: {command[0]} showed nothing")
        result = {"first_frame_ms": (int(seen) - start_ns) / 1e6}
        time.sleep(SETTLE_S)
        pids = descendants(program.pid)
        result["pss_mb"] = pss_mb(pids)
        result["processes"] = len(pids)
        if idle:
            before = voluntary_switches(pids)
            counted = subprocess.run([probe, "damage", str(IDLE_S)], env=screen.environment,
                                     capture_output=True, text=True, check=True)
            result["wakeups_per_s"] = (voluntary_switches(pids) - before) / IDLE_S
            result["redraws"] = int(counted.stdout)
    finally:
        stop(program)
    return result


def tap_lines(visits):
    keys = "abcdefghij"
    for _ in range(visits):
        yield {"tap": "start.fi"}
        for score in (3, 10, 7):
            yield {"tap": f"nps.{score}"}
        yield {"tap": "nav.next"}
        yield {"tap": "text.edit"}
        for key in keys:
            yield {"tap": f"key.{key}"}
        yield {"tap": "text.send"}
        yield {"expect": "thanks"}
        yield {"tap": "thanks.done"}


def tap_times(screen, kiosk, folder, visits=60):
    """Milliseconds from a release to the presented frame that shows its effect."""
    script = folder / "taps.jsonl"
    script.write_text("".join(json.dumps(line) + "\n" for line in tap_lines(visits)))
    done = subprocess.run(
        [kiosk, "--data-dir", folder / "taps", "--unit", "BENCH", "--window",
         f"{SIZE[0]}x{SIZE[1]}", "--script", script],
        env=screen.environment | {"KAIKU_BENCH": "1"}, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"bench: {done.stderr}")
    taps = json.loads(done.stderr.strip().splitlines()[-1])["tap_to_present_ms"]
    if not taps:
        sys.exit("bench: the terminal timed no tap (tap_to_present_ms is empty); no table was written")
    return taps


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(kaiku, peer, taps, save, runs):
    """Rows of (what, Kaiku, peer or limit, figure, demand, met)."""
    def median(results, key):
        return statistics.median(result[key] for result in results)
    first, peer_first = median(kaiku, "first_frame_ms"), median(peer, "first_frame_ms")
    memory, peer_memory = median(kaiku, "pss_mb"), median(peer, "pss_mb")
    wakeups, peer_wakeups = median(kaiku, "wakeups_per_s"), median(peer, "wakeups_per_s")
    redraws, peer_redraws = (max(r["redraws"] for r in rs) for rs in (kaiku, peer))
    p99 = percentile(taps, 0.99)
    ratios = statistics.median(save["keeper_ms"]) / statistics.median(save["raw_ms"])
    return [
        ("start to first frame", f"{first:.0f} ms", f"{peer_first:.0f} ms",
         f"{peer_first / first:.1f} times faster", "at least 8 times", peer_first / first >= 8),
        ("memory (PSS, whole process tree)", f"{memory:.1f} MB", f"{peer_memory:.1f} MB",
         f"{100 * memory / peer_memory:.1f} %", "at most 10 %", memory / peer_memory <= 0.1),
        (f"redraws in {IDLE_S} s at idle (largest of all runs)", f"{redraws}", f"{peer_redraws}",
         f"{redraws}", "0", redraws == 0),
        ("wake-ups a second at idle", f"{wakeups:.2f}", f"{peer_wakeups:.2f}", f"{wakeups:.2f}",
         "under 2", wakeups < 2),
        (f"tap to presented frame, p99 of {len(taps)}", f"{p99:.1f} ms", "–",
         f"median {statistics.median(taps):.1f} ms", "under 16.7 ms", p99 < 16.7),
        (f"send to durable answer ({save['bytes']} bytes, median of {len(save['raw_ms'])})",
         f"{statistics.median(save['keeper_ms']):.3f} ms",
         f"{statistics.median(save['raw_ms']):.3f} ms (raw write and fsync)",
         f"{ratios:.2f} times", "at most 1.5 times", ratios <= 1.5),
    ]


def section(rows, runs, peer_version):
    return results.section(
        "The terminal against Chromium's kiosk mode",
        [f"Peer: {peer_version} `--kiosk` showing `bench/kiosk/page.html`, its profile warmed up",
         f"Both full-screen at {SIZE[0]}×{SIZE[1]} under Xvfb, in turns; medians of {runs} runs,"
         f" memory {SETTLE_S} s after the first frame"],
        rows, ["How each is measured stands in `bench/kiosk/run.py`, `x_probe.cpp` and `save_bench.cpp`."])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    programs = given.bin.resolve()
    page = pathlib.Path(__file__).resolve().with_name("page.html")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kaiku-bench-"))
    size = f"{SIZE[0]},{SIZE[1]}"
    chromium = ["chromium", "--kiosk", "--no-first-run", "--no-default-browser-check", "--disable-sync",
                "--disable-background-networking", "--disable-component-update",
                f"--user-data-dir={folder}/profile", f"--window-size={size}", "--window-position=0,0",
                page.as_uri()]
    if os.geteuid() == 0:
        chromium.insert(1, "--no-sandbox")
    kiosk = [programs / "kaiku-kiosk", "--data-dir", folder / "device", "--unit", "BENCH"]
    probe = programs / "kaiku-x-probe"
    kaiku, peer = [], []
    try:
        with Screen() as screen:
            run_once(screen, probe, kiosk, idle=False)  # both warmed: caches, profile, outbox
            run_once(screen, probe, chromium, idle=False)
            for number in range(given.runs):
                kaiku.append(run_once(screen, probe, kiosk, idle=True))
                peer.append(run_once(screen, probe, chromium, idle=True))
                print(f"run {number + 1} of {given.runs}: Kaiku {kaiku[-1]}, Chromium {peer[-1]}", flush=True)
            taps = tap_times(screen, programs / "kaiku-kiosk", folder)
        saved = subprocess.run([programs / "kaiku-save-bench", folder, "400"], check=True,
                               capture_output=True, text=True)
        version = subprocess.run(["chromium", "--version"], capture_output=True, text=True).stdout.strip()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = table(kaiku, peer, taps, json.loads(saved.stdout), given.runs)
    lines = section(rows, given.runs, version or "Chromium")
    results.write(given.out, "kiosk", lines)
    print("\n".join(lines))
    return 0 if all(row[-1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
