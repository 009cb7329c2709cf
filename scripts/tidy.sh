#!/usr/bin/env bash
# Runs clang-tidy over our sources; any finding fails.
#
#   scripts/tidy.sh             every source
#   scripts/tidy.sh survey …    only paths that contain one of these texts
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
jobs=$(($(nproc) < 3 ? $(nproc) : 3))
build=${KAIKU_BUILD:-build/dev}
if [[ ! -f $build/compile_commands.json ]]; then
    cmake --preset dev -B "$build" >/dev/null
fi
# Generated headers and, for them, the catalogues.
cmake --build "$build" --target kaiku_words >/dev/null

# Foreign sources and Catch2's slow main are not ours to tidy.
mapfile -t sources < <(python3 - "$build/compile_commands.json" "$PWD" "$@" <<'PYTHON'
import json, sys
commands, root, *parts = sys.argv[1:]
seen = {entry["file"] for entry in json.load(open(commands, encoding="utf-8"))}
for name in sorted(seen):
    local = name.removeprefix(root + "/")
    if local != name and not local.startswith("build") and "catch_main" not in local and any(
            part in local for part in parts or [""]):
        print(local)
PYTHON
)
if ((${#sources[@]} == 0)); then
    echo "tidy: no source matches \"$*\"" >&2
    exit 2
fi
echo "tidy: ${#sources[@]} sources"
printf '%s\0' "${sources[@]}" |
    xargs -0 -n 1 -P "$jobs" clang-tidy --quiet --warnings-as-errors='*' -p "$build" \
        2> >(grep -v -E '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header-filter' >&2)
echo "tidy: clean"
