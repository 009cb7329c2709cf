#!/usr/bin/env python3
"""kaiku-central on SQLite and PostgreSQL: single answers, clients that hold on, memory, reports.

Called by scripts/bench.sh central. Real programs on one machine: kaiku-central, kaiku-sim, and a
PostgreSQL server of its own, all durable (fsync on). Sender, central and database share the cores.
"""
import argparse
import json
import math
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "tests/support")]
import results  # noqa: E402
from foremost import Foremost  # noqa: E402
from postgres_server import postgres  # noqa: E402
from programs import Crowd, bare_sqlite, pgbench, run, running  # noqa: E402

PG_PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
LOAD_S = 4              # each measurement of a rate or of latencies
CONNECTIONS, CALM_RATE, MANY = 32, 500, 500
REPORTS = 100           # of each kind, for the 99th percentile
P99_LIMIT_MS, CROWD_LIMIT, MEMORY_LIMIT_MB = 50, 1.5, 64
REPORT_LIMIT_MS, GROWTH_LIMIT = 20, 1.2
KINDS = {"unit_calendar": "a calendar year for one unit",
         "unit_to_today": "a year up to today for one unit",
         "organiser_calendar": "a calendar year for an organiser of 300 units, by unit",
         "organiser_to_today": "a year up to today for an organiser of 300 units, by unit"}
PEERS = {"PostgreSQL": ("one-row commits of `pgbench`, 32 clients", 1.0),
         "SQLite": ("bare one-row `synchronous=FULL` transactions", 1.5)}


def p99(values):
    return sorted(values)[math.ceil(0.99 * len(values)) - 1]


class Bench:
    def __init__(self, programs, folder, server):
        self.programs, self.folder, self.server = programs, folder, server
        self.number = 0

    def store(self, engine):
        """Address of a new and empty store."""
        self.number += 1
        if engine == "SQLite":
            return f"sqlite:{self.folder}/{self.number}.db"
        self.server.sql(f"CREATE DATABASE k{self.number}", database="postgres")
        return self.server.uri.replace("///kaiku?", f"///k{self.number}?")

    def peer(self, engine):
        if engine == "SQLite":
            return bare_sqlite(self.folder, LOAD_S)
        return pgbench(PG_PROGRAMS, self.server.uri, self.folder, LOAD_S)

    def single(self, engine):
        """One round over a fresh store: the peer, then central at full speed, calm and crowded."""
        store = self.store(engine)
        found = {"peer": self.peer(engine)}
        with running(self.programs, self.folder / f"central{self.number}", store) as central:
            central.send(CONNECTIONS, 1)  # warms up what every later request uses
            found["single"] = central.send(CONNECTIONS, LOAD_S)["per_second"]
            found["p99"] = central.send(CONNECTIONS, LOAD_S, CALM_RATE)["p99_ms"]
            with Crowd(central.port):
                found["crowd_p99"] = central.send(CONNECTIONS, LOAD_S, CALM_RATE)["p99_ms"]
        store = self.store(engine)
        with running(self.programs, self.folder / f"central{self.number}", store) as central:
            central.send(MANY, LOAD_S)
            found["memory"] = central.peak_mb()
        return found

    def reports(self, engine, answers):
        """The 99th percentiles over a store with so many answers, milliseconds."""
        store = self.store(engine)
        run(self.programs / "kaiku-central-bench", "fill", store, answers)
        if engine == "PostgreSQL":
            self.server.sql("VACUUM ANALYZE", database=f"k{self.number}")
        said = json.loads(run(self.programs / "kaiku-central-bench", "report", store, REPORTS))
        if engine == "SQLite":
            for name in self.folder.glob(f"{self.number}.db*"):
                name.unlink()
        else:
            self.server.sql(f"DROP DATABASE k{self.number}", database="postgres")
        return {name: p99(values) for name, values in said.items()}


def single_rows(engine, rounds):
    def median(key):
        return statistics.median(each[key] for each in rounds)
    peer, demand = PEERS[engine]
    rate = statistics.median(each["single"] / each["peer"] for each in rounds)
    crowd = statistics.median(each["crowd_p99"] / each["p99"] for each in rounds)
    return [
        (f"{engine}: single answers, {CONNECTIONS} connections", f"{median('single'):,.0f} a second",
         f"{median('peer'):,.0f} a second ({peer})", f"{rate:.2f} times",
         f"at least {demand:.1f} times", rate >= demand),
        (f"{engine}: a single answer at {CALM_RATE} a second, p99", f"{median('p99'):.1f} ms", "–",
         f"{median('p99'):.1f} ms", f"under {P99_LIMIT_MS} ms", median("p99") < P99_LIMIT_MS),
        (f"{engine}: the same beside {Crowd.IDLE:,} idle and {Crowd.SLOW} slow clients",
         f"{median('crowd_p99'):.1f} ms", f"{median('p99'):.1f} ms (without them)",
         f"{crowd:.2f} times", f"at most {CROWD_LIMIT} times", crowd <= CROWD_LIMIT),
        (f"{engine}: central's memory at {MANY} connections, peak RSS", f"{median('memory'):.1f} MB",
         "–", f"{median('memory'):.1f} MB", f"under {MEMORY_LIMIT_MB} MB",
         median("memory") < MEMORY_LIMIT_MB),
    ]


def report_rows(engine, sizes, found):
    """`found`: for each size what reports() said; the last size is the largest."""
    rows = []
    for key, what in KINDS.items():
        for size in sizes:
            took = found[size][key]
            rows.append((f"{engine}: a report over {what}, p99 of {REPORTS}, "
                         f"{size:,} answers", f"{took:.1f} ms", "–", f"{took:.1f} ms",
                         f"under {REPORT_LIMIT_MS} ms", took < REPORT_LIMIT_MS))
        if len(sizes) > 1:
            grown = found[sizes[-1]][key] / found[sizes[0]][key]
            rows.append((f"{engine}: the same report, {sizes[-1]:,} answers beside {sizes[0]:,}",
                         f"{found[sizes[-1]][key]:.1f} ms", f"{found[sizes[0]][key]:.1f} ms",
                         f"{grown:.2f} times", f"at most {GROWTH_LIMIT} times",
                         grown <= GROWTH_LIMIT))
    return rows


def measure_single(bench, given):
    rows = []
    for engine in PEERS:
        rounds = []
        for number in range(given.runs):
            rounds.append(bench.single(engine))
            said = ", ".join(f"{name} {value:.4g}" for name, value in rounds[-1].items())
            print(f"{engine}, round {number + 1} of {given.runs}: {said}", flush=True)
        rows += single_rows(engine, rounds)
    return rows, [
        "Sender (`kaiku-sim`), central and database share the cores; PostgreSQL 15 with fsync on; "
        f"{LOAD_S} s each measurement",
        f"{given.runs} rounds; medians, and the ratios are medians of each round's own. A round of "
        "one engine begins with its peer, over fresh stores"]


def measure_reports(bench, given):
    rows = []
    for engine in PEERS:
        found = {}
        for size in given.answers:
            found[size] = bench.reports(engine, size)
            print(f"{engine}, {size:,} answers: {found[size]}", flush=True)
        rows += report_rows(engine, given.answers, found)
    return rows, [
        "Asked of the store's own code in one process (central has no route for them): from the "
        "question to its JSON, the year before it included",
        "300 units in three levels, four channels, two languages, three respondent kinds, answers "
        "of two years; one filling of each size"]


PARTS = {"single": ("Central: single answers, clients that hold on", measure_single),
         "reports": ("Central: reports over a year", measure_reports)}


def run_part(part, given):
    """Whether everything that is demanded was met; writes the part's section."""
    title, measure = PARTS[part]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kaiku-bench-"))
    try:
        with Foremost() as foremost, postgres("max_wal_size=4GB") as server:
            rows, facts = measure(Bench(given.bin.resolve(), folder, server), given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = results.section(
        title, [*facts, f"Ran {foremost.said}; load of the machine over the last 15 minutes, this "
                        f"included: {os.getloadavg()[2]:.1f}"],
        rows, ["How each is measured stands in `bench/central/run.py`, `programs.py` and "
               "`central_bench.cpp`."])
    print("\n".join(lines))
    results.write(given.out, f"central --part {part}", lines)
    return all(row[-1] for row in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--answers", type=int, nargs="+", default=[1_000_000],
                        help="how many are stored for the reports; --answers 1000000 20000000")
    parser.add_argument("--part", choices=PARTS, action="append", help="all, if none is named")
    given = parser.parse_args()
    met = [run_part(part, given) for part in given.part or PARTS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
