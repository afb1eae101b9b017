#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures change capture of PostgreSQL, in one run and in turns: this connector and Debezium's on Levada, Debezium's on Apache Kafka Connect
# with Kafka's own broker, and as the limits COPY and pg_recvlogical, which throw away what they read.
#   benchmarks/capture.sh [rows, default 1000000] [changes, default 500000] [runs, default 3] [contenders, default levada,debezium,apache]
# First: ./mvnw -q -DskipTests package -pl cli,test-plugins,test-peers -am
# Needs PostgreSQL's own commands, pg_recvlogical too, in PGBIN, on PATH or where Debian has them; makes a database of its own.
#
# Each contender gets a worker of its own, which first reads all rows of a table (snapshot), then changes of another that wait in the server's
# log, behind a slot made before them: transactions of five inserts and five updates. Figures are of the time from the first records in the
# topic to the last: rows a second, CPU seconds of all processes of the contender (worker and broker) for a million rows, JIT and garbage
# collection included, and the largest resident memory of these processes so far. Values are JSON without schemas.
# "changes in one" are those of a single transaction: they show whether memory grows with it. LEVADA_OPTS, CONNECT_OPTS: options of the JVMs.
set -eu
exec python3 - "$(dirname "$0")" "$@" <<'P'
import os, shutil, sys, time

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import rig
from rig import JSON, ROOT, told, until, work

rig.SCRIPT, given = "capture.sh", sys.argv[2:]
rows = int(given[0]) if given else 1_000_000
changes = (int(given[1]) if len(given) > 1 else 500_000) // 10 * 10  # they are made by ten
runs = int(given[2]) if len(given) > 2 else 3
names = (given[3] if len(given) > 3 else "levada,debezium,apache").split(",")
OURS = "io.levada.connect.jdbc.PostgresCdcSourceConnector"
DEBEZIUM = "io.debezium.connector.postgresql.PostgresConnector"
COLUMNS = ("id int8 primary key, region int4, name text, city text, email text, amount numeric(12,2), score float8, active bool,"
           " created timestamptz, note text")
ROW = ("k, k % 1000, 'user-' || k, 'Lyon', 'u' || k || '@example.test', k / 100.0, 0.5, true,"
       " timestamptz '2024-01-01 UTC' + k * interval '1 second', 'n' || md5(k::text)")


def measured(worker, config, topic, count):
    worker.create(topic, config)
    first = until("the first record", lambda: worker.records(topic), worker.processes, 0.02)
    begin, cpu = time.monotonic(), worker.cpu_seconds()
    until("the last record", lambda: worker.records(topic) >= count, worker.processes, 0.02)
    seconds, cpu = time.monotonic() - begin, worker.cpu_seconds() - cpu
    worker.ask("DELETE", f"/connectors/{topic}")
    return (count - first) / seconds, cpu / (count - first) * 1_000_000, worker.peak_mib()


def capture(name, mode, prefix, table, slot, database):
    return {"connector.class": OURS if name == "levada" else DEBEZIUM, "tasks.max": 1, "database.hostname": "127.0.0.1",
            "database.port": database.port, "database.user": "postgres", "database.password": "x", "database.dbname": "postgres",
            "plugin.name": "pgoutput", "topic.prefix": prefix, "table.include.list": f"public.{table}", "slot.name": slot,
            "publication.name": f"of_{table}", "publication.autocreate.mode": "disabled", "snapshot.mode": mode, "max.batch.size": 8192,
            "max.queue.size": 32768, "poll.interval.ms": 50, "key.converter": JSON, "key.converter.schemas.enable": "false",
            "value.converter": JSON, "value.converter.schemas.enable": "false"}


def prepare(database):
    database.sql(f"CREATE TABLE t ({COLUMNS})", f"INSERT INTO t SELECT {ROW} FROM generate_series(1, {rows}) k", "VACUUM (FREEZE, ANALYZE) t",
                 f"CREATE TABLE c ({COLUMNS})", f"CREATE TABLE one ({COLUMNS})",
                 *(f"CREATE PUBLICATION of_{table} FOR TABLE {table}" for table in ("t", "c", "one")),
                 *(f"SELECT pg_create_logical_replication_slot('{slot}', 'pgoutput')" for slot in slots),
                 "CREATE PROCEDURE churn(n int) LANGUAGE plpgsql AS $$ DECLARE i int; BEGIN FOR i IN 0 .. n / 10 - 1 LOOP"
                 f" INSERT INTO c SELECT {ROW} FROM generate_series(i * 5, i * 5 + 4) k;"
                 " FOR j IN i * 5 .. i * 5 + 4 LOOP UPDATE c SET amount = amount + 1, note = 'm' || note WHERE id = j - j % 3; END LOOP;"
                 " COMMIT; END LOOP; END $$",
                 f"CALL churn({changes})", f"INSERT INTO one SELECT {ROW} FROM generate_series(1, {changes}) k", "CHECKPOINT")


def limits(database, number):
    begin = time.monotonic()
    database.sql("\\copy t TO /dev/null")
    told("COPY", "snapshot", (rows / (time.monotonic() - begin), None, None))
    begin = time.monotonic()
    database.run("pg_recvlogical", *database.client(), "-d", "postgres", "--slot", f"limit_{number}", "--start", "-o", "proto_version=1",
                 "-o", "publication_names=of_c", "-f", "/dev/null", "--endpos", database.sql("SELECT pg_current_wal_flush_lsn()"), "--no-loop")
    told("pg_recvlogical", "changes", (changes / (time.monotonic() - begin), None, None))


PHASES = [("snapshot", "initial_only", "t", rows), ("changes", "no_data", "c", changes), ("changes in one", "no_data", "one", changes)]
slots = [f"{name}_{table}_{number}" for number in range(runs) for name in names for table in ("c", "one")] + [f"limit_{n}" for n in range(runs)]


def measure(database):
    prepare(database)
    for number in range(runs):
        limits(database, number)
        for name in names:
            worker = rig.Worker(f"{work}/{name}-{number}", None if name == "apache" else f"{ROOT}/levada")
            for phase, mode, table, count in PHASES:
                slot, prefix = f"{name}_{table}_{number}", f"{name}{number}"
                told(name, phase, measured(worker, capture(name, mode, prefix, table, slot, database), f"{prefix}.public.{table}", count))
            worker.stop()
            shutil.rmtree(worker.folder)


rig.measuring(measure)
P
