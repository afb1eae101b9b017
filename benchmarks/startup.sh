#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures a worker with its broker from process start to GET /health 200, and its memory when idle.
#   benchmarks/startup.sh [runs, default 10] [path of the levada command, default ./levada]
# Each run has a data folder of its own; the first run is not counted, since it may make the class archive.
# Prints minimum, median and maximum.
set -eu
runs=${1:-10}
levada=$(readlink -f "${2:-$(dirname "$0")/../levada}")
idle_seconds=${IDLE_SECONDS:-3}
start_seconds_max=60

work=$(mktemp -d)
pid=
trap 'if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_ports() { python3 -c 'import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*[s.getsockname()[1] for s in sockets])'; }

# One Python process waits and measures: starting curl again and again would cost more than what is measured.
wait_healthy() { # $1 port, $2 start in ns; prints milliseconds
    python3 - "$1" "$2" "$start_seconds_max" <<'P'
import http.client, sys, time
port, start, limit = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
while time.time_ns() - start < limit * 1_000_000_000:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/health")
        if connection.getresponse().status == 200:
            print((time.time_ns() - start) // 1_000_000)
            sys.exit(0)
    except OSError:
        pass
    time.sleep(0.005)
sys.exit(1)
P
}

summary() { # $1 name, $2 unit, $3 file of numbers
    sort -n "$3" | awk -v name="$1" -v unit="$2" '{ v[NR] = $1 }
        END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
              printf "%-34s min %d  median %d  max %d %s  (%d runs)\n", name, v[1], m, v[NR], unit, NR }'
}

run=0
while [ "$run" -le "$runs" ]; do
    # shellcheck disable=SC2046
    set -- $(free_ports)
    folder=$work/$run
    mkdir "$folder"
    start=$(date +%s%N)
    (cd "$folder" && exec "$levada" worker -o listeners=http://127.0.0.1:"$1" -o broker.listeners=PLAINTEXT://127.0.0.1:"$2" \
        -o data.dir="$folder/data" >"$folder/log" 2>&1) &
    pid=$!
    ms=$(wait_healthy "$1" "$start") || {
        cat "$folder/log" >&2
        echo "startup.sh: /health did not answer 200 within $start_seconds_max s" >&2
        exit 1
    }
    sleep "$idle_seconds"
    kb=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
    kill "$pid"
    wait "$pid" || true
    pid=
    if [ "$run" -gt 0 ]; then
        echo "$ms" >>"$work/ms"
        echo "$((kb / 1024))" >>"$work/mb"
    fi
    rm -rf "$folder"
    run=$((run + 1))
done

echo "$(nproc) processors, $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 1p)"
summary "process start to /health 200" ms "$work/ms"
summary "resident, idle for $idle_seconds s" MiB "$work/mb"
