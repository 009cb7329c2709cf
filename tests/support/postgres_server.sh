#!/usr/bin/env bash
# A PostgreSQL server of its own, from Debian's packages, on a Unix socket in DIR, until standard
# input ends: then it is stopped and DIR/data removed.
#
#   tests/support/postgres_server.sh DIR [NAME=VALUE…]   DIR is made; settings as in postgresql.conf
#
# Writes the address for --store into DIR/uri once the server answers, and what went wrong to
# standard error. DIR/pid holds the server's process id.
set -euo pipefail
folder=${1:?usage: tests/support/postgres_server.sh DIR [NAME=VALUE…]}
shift
shopt -s nullglob
programs=(/usr/lib/postgresql/*/bin)
((${#programs[@]})) || { echo "postgres_server.sh: install postgresql (scripts/bootstrap.sh)" >&2; exit 1; }
bin=${programs[-1]}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# The server refuses to be root.
as=()
if ((EUID == 0)); then
    as=(setpriv --reuid postgres --regid postgres --clear-groups)
    chown postgres "$folder"
    # Temporary folders are their owner's alone; the server must pass through.
    chmod o+x "$folder" "$(dirname "$folder")"
fi
settings=(-c listen_addresses= -c "unix_socket_directories=$folder" -c max_connections=100)
for setting in "$@"; do settings+=(-c "$setting"); done

cd /
"${as[@]}" "$bin/initdb" -D "$folder/data" -U kaiku --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
    --no-instructions --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
"${as[@]}" "$bin/postgres" -D "$folder/data" "${settings[@]}" >>"$folder/log" 2>&1 </dev/null &
server=$!
stop() {
    kill -INT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$folder/data"
}
trap stop EXIT
for _ in {1..200}; do
    "$bin/pg_isready" -q -h "$folder" && break
    kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.05
done
"$bin/createdb" -h "$folder" -U kaiku kaiku
echo "$server" >"$folder/pid"
echo "postgresql:///kaiku?host=$folder&user=kaiku" >"$folder/uri.new"
mv "$folder/uri.new" "$folder/uri"
cat >/dev/null
