#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own: tests/postgres.sh make test-postgres
# The server lives in a temporary folder, listens on loopback only, and is gone afterwards. The command finds it
# in POSTGRES_URL. As root the server runs as the user "postgres", because PostgreSQL refuses to run as root.
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "usage: tests/postgres.sh COMMAND [ARGUMENT…]" >&2
  exit 2
fi

programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
if [ ! -x "$programs/initdb" ]; then
  echo "tests/postgres.sh: no PostgreSQL server found; on Debian: apt-get install postgresql" >&2
  exit 1
fi

as_server=()
[ "$(id -u)" -ne 0 ] || as_server=(runuser -u postgres --)

folder=$(mktemp -d /tmp/broadsheet-postgres.XXXXXX)
[ "$(id -u)" -ne 0 ] || chown postgres "$folder"
cd_home() { (cd "$folder" && "$@"); } # the server's user may not read our folder

stop() {
  cd_home "${as_server[@]}" "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
(umask 077 && printf '%s' "$password" >"$folder/password")
[ "$(id -u)" -ne 0 ] || chown postgres "$folder/password"

cd_home "${as_server[@]}" "$programs/initdb" -D "$folder/data" -U broadsheet -A scram-sha-256 \
  --pwfile "$folder/password" --encoding UTF8 --locale C.UTF-8 >"$folder/initdb.log" 2>&1 || {
  cat "$folder/initdb.log" >&2
  exit 1
}
# The data is thrown away, so nothing has to reach the disk.
cd_home "${as_server[@]}" "$programs/pg_ctl" -D "$folder/data" -l "$folder/data/log" -w -t 60 \
  -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off -c full_page_writes=off" \
  start >/dev/null || {
  cat "$folder/data/log" >&2
  exit 1
}

export POSTGRES_URL="postgresql://broadsheet:$password@127.0.0.1:$port/postgres"
"$@"
