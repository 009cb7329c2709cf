#!/usr/bin/env bash
# Formats our C++ files in place; --check only says which would change, and fails.
set -euo pipefail
cd "$(dirname "$0")/.."
arguments=(-i)
[[ ${1:-} == --check ]] && arguments=(--dry-run -Werror)
git ls-files -z --cached --others --exclude-standard -- '*.hpp' '*.cpp' |
    xargs -0 -r -n 20 -P "$(nproc)" clang-format "${arguments[@]}"
