#!/usr/bin/env bash
# Real programs under every kind of trouble; writes the table in docs/RELIABILITY.md.
#
#   scripts/trouble.sh              everything (about 20 minutes; root for network and disk troubles)
#   scripts/trouble.sh --short      a little of each; writes nothing
#   scripts/trouble.sh WORD…        only troubles with these words in their names
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
{ cmake --preset release && cmake --build --preset release \
    -j $(($(nproc) < 3 ? $(nproc) : 3)) --target kaiku-kiosk kaiku-central kaiku-fill-outbox; } \
    > >(scripts/quiet_build.sh) 2>&1 || { echo "trouble: the build failed" >&2; exit 1; }
KAIKU_BIN_DIR=$PWD/build/release/bin exec python3 -B tests/trouble/suite.py "$@"
