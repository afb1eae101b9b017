#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures a source: a file of lines of 100 bytes into a topic of the broker inside, to the commit of the last line's offset.
#   benchmarks/source.sh [lines, default 5000000] [runs, default 3] [path of the levada command, default ./levada] [more options of `levada worker`]
# Each run has a data folder of its own. Prints, for each run and the median, records a second, CPU seconds of the process for a million
# records (start, JIT and garbage collection included) and its largest resident memory.
set -eu
exec python3 - "$(dirname "$0")/../levada" "$@" <<'P'
import http.client, json, os, shutil, socket, statistics, subprocess, sys, tempfile, time

given = sys.argv[2:]
lines = int(given[0]) if given else 5_000_000
runs = int(given[1]) if len(given) > 1 else 3
levada = os.path.realpath(given[2] if len(given) > 2 else sys.argv[1])
options = given[3:]
LIMIT_SECONDS = 600
TICKS = os.sysconf("SC_CLK_TCK")


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def ask(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else None
    finally:
        connection.close()


def until(what, condition, process, pause):
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            if condition():
                return
        except OSError:
            pass  # not listening yet
        time.sleep(pause)
    sys.exit(f"source.sh: {what} did not happen within {LIMIT_SECONDS} s, or the worker ended")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def run(folder, source, size):
    rest, broker = free_ports(2)
    log = open(os.path.join(folder, "log"), "wb")
    process = subprocess.Popen(
        [levada, "worker", "-o", f"listeners=http://127.0.0.1:{rest}", "-o", f"broker.listeners=PLAINTEXT://127.0.0.1:{broker}",
         "-o", f"data.dir={folder}/data", "-o", "offset.flush.interval.ms=500", *options], cwd=folder, stdout=log, stderr=log)
    try:
        until("GET /health 200", lambda: ask(rest, "GET", "/health")[0] == 200, process, 0.05)
        config = {"connector.class": "io.levada.connect.file.FileStreamSourceConnector", "tasks.max": "1", "file": source,
                  "topic": "lines", "value.converter": "org.apache.kafka.connect.storage.StringConverter"}
        begin, cpu = time.monotonic(), cpu_seconds(process.pid)
        status, answer = ask(rest, "PUT", "/connectors/lines/config", config)
        if status not in (200, 201):
            sys.exit(f"source.sh: the connector was refused: {answer}")

        def all_committed():
            found = ask(rest, "GET", "/connectors/lines/offsets")[1]["offsets"]
            return any(size in offset["offset"].values() for offset in found)

        until("the last line's commit", all_committed, process, 0.2)
        seconds = time.monotonic() - begin
        return lines / seconds, (cpu_seconds(process.pid) - cpu) / lines * 1_000_000, peak_mib(process.pid)
    finally:
        process.terminate()
        process.wait(60)
        log.close()


work = tempfile.mkdtemp()
try:
    source = os.path.join(work, "in.txt")
    with open(source, "w") as text:
        for number in range(lines):
            text.write(f"{number:099d}\n")
    size = os.path.getsize(source)
    figures = []
    for number in range(runs):
        folder = os.path.join(work, str(number))
        os.mkdir(folder)
        figures.append(run(folder, source, size))
        shutil.rmtree(folder)
        print("%8.0f records/s  %6.2f CPU s/M records  %5d MiB" % figures[-1], flush=True)
    print("%8.0f records/s  %6.2f CPU s/M records  %5d MiB  (median of %d)"
          % (*(statistics.median(column) for column in zip(*figures)), runs))
finally:
    shutil.rmtree(work)
P
