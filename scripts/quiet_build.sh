#!/usr/bin/env bash
# Reads a build's output on stdin. Shows progress once something is compiled, and failures whole.
set -euo pipefail
exec python3 -c '
import re, sys
kept, failed, said = [], False, False
for line in sys.stdin:
    step = re.match(r"(?:\x1b\[[0-9;]*[A-Za-z])*\[(\d+)/(\d+)\]", line)
    if step and not failed:
        number, total = map(int, step.groups())
        if not said and total > 3:
            print(f"building {total} steps; this takes a few minutes the first time", flush=True)
            said = True
        elif total > 40 and number % 20 == 0:
            print(f"  {number} of {total}", flush=True)
    if line.startswith("FAILED") or "CMake Error" in line:
        failed = True
    if failed:
        kept.append(line)
sys.stdout.writelines(kept[:120])
'
