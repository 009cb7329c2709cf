#!/usr/bin/env bash
# Runs the simulator (docs/RELIABILITY.md): real rooms, simulated clock, network and disks.
#   scripts/simulate.sh                 10,000 seeds on two processes, every trouble must happen
#   scripts/simulate.sh --seeds 500     as many
#   scripts/simulate.sh --seed 42       that one, with everything that happened in it
#   FIRST=20001 scripts/simulate.sh     other seeds
set -euo pipefail
cd "$(dirname "$0")/.."
seeds=10000
seed=
while (($#)); do
    case $1 in
        --seeds) seeds=${2:?--seeds needs a number}; shift 2 ;;
        --seed) seed=${2:?--seed needs a number}; shift 2 ;;
        *) sed -n '2,6p' "$0" >&2; exit 2 ;;
    esac
done
build=${BUILD_DIR:-build/release}
[[ -f $build/build.ninja ]] || cmake --preset release -B "$build" >/dev/null
cmake --build "$build" --parallel 2 --target kaiku-simulator >/dev/null
if [[ -n $seed ]]; then
    exec "$build/bin/kaiku-simulator" --first "$seed" --seeds 1 --workers 1 --trace
fi
arguments=(--first "${FIRST:-1}" --seeds "$seeds" --workers 2)
((seeds >= 300)) && arguments+=(--every-trouble)
exec "$build/bin/kaiku-simulator" "${arguments[@]}"
