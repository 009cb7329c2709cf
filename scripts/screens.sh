#!/usr/bin/env bash
# Draws every screen of the terminal anew into docs/screens/, with an index page. Needs a build.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${KAIKU_BIN_DIR:-build/dev/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/data"
cat >"$work/data/notices.json" <<'JSON'
{"format":1,"notices":[{
 "fi":"Toivoitte lisää tuoleja. Nyt niitä on kaksitoista enemmän.",
 "sv":"Ni önskade fler stolar. Nu finns det tolv till.",
 "en":"You asked for more chairs. Now there are twelve more."}]}
JSON
cat >"$work/kiosk.toml" <<'TOML'
instrument = "national-adult"
unit = "PICTURES"
respondents = ["adult", "youth", "child", "relative"]
assisted = "ask"
plain_language = true
TOML
for size in 1280x800 800x1280 800x480; do
    "$bin/kaiku-kiosk" --config "$work/kiosk.toml" --data-dir "$work/data" --window "$size" \
        --screenshots "$work/$size"
done
python3 scripts/screens_page.py "$work" docs/screens
