#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measures the JDBC source and sink with PostgreSQL, in one run and in turns: ours on Levada, Aiven's on Apache Kafka Connect with Kafka's own
# broker, and COPY as the limit.
#   benchmarks/jdbc.sh [rows, default 200000] [runs, default 1] [contenders, default levada,apache] [default bulk,incrementing,insert,upsert]
# A contender is levada, apache, or the path of another levada command, to compare two builds.
# First: ./mvnw -q -DskipTests package -pl cli,test-plugins,test-peers -am
# JDBC_PEER: a folder for plugin.path that holds Aiven's plugin (github.com/Aiven-Open/jdbc-connector-for-apache-kafka, ./gradlew installDist),
# needed for apache. PostgreSQL's own commands are needed in PGBIN, on PATH or where Debian has them; makes a database of its own.
#
# Each contender gets a worker of its own, which reads a table whole (bulk) and by its number (incrementing), and writes it into another
# (insert; upsert where every second row is there already), then all of that again with ten times the rows (x10), by when the JIT has settled
# and memory shows whether it grows with the rows. Figures are of the time from the first records or rows to the last: rows a second, CPU
# seconds of all processes of the contender (worker and broker, not the database) for a million rows, JIT and garbage collection included, and
# the largest resident memory of these processes so far. Read rows are JSON without schemas, written ones JSON with schemas, read into the topic
# by the same worker. Batches are 2000 rows to read and 3000 to write. What arrives is checked: number of rows, and sums of their hashes.
# LEVADA_OPTS, CONNECT_OPTS: options of the JVMs.
set -eu
exec python3 - "$(dirname "$0")" "$@" <<'P'
import os, shutil, subprocess, sys, time

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import rig
from rig import JSON, KAFKA_JARS, PLUGINS, ROOT, fail, told, until, work

rig.SCRIPT, given = "jdbc.sh", sys.argv[2:]
rows = int(given[0]) if given else 200_000
runs = int(given[1]) if len(given) > 1 else 1
names = (given[2] if len(given) > 2 else "levada,apache").split(",")
phases = (given[3] if len(given) > 3 else "bulk,incrementing,insert,upsert").split(",")
SIZES = {"t": rows, "t10": rows * 10}
CLASSES = {False: "io.levada.connect.jdbc.Jdbc", True: "io.aiven.connect.jdbc.Jdbc"}
COLUMNS = ("id int8 primary key, region int4, name text, city text, email text, amount numeric(12,2), score float8, active bool,"
           " created timestamptz, note text")
# Numbers that are written alike by all.
ROW = ("k, k % 1000, 'user-' || k, 'Lyon', 'u' || k || '@example.test', k % 1000000 + 0.25, 0.5, true,"
       " timestamptz '2024-01-01 UTC' + k * interval '1 second', 'n' || md5(k::text)")
VALUE = ("""format('{"id":%s,"region":%s,"name":"%s","city":"%s","email":"%s","amount":%s,"score":%s,"active":%s,"created":%s,"note":"%s"}',"""
         " id, region, name, city, email, amount, score, active::text, (extract(epoch FROM created) * 1000)::int8, note)")
QUIET_SECONDS = 1.0  # so long after the last record another is not expected


class Session:
    """A psql that stays, as asking must cost little."""

    def __init__(self, database):
        self.process = rig.start(f"{database.bin}/psql", *database.client(), "-XqAt", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                 bufsize=1, user=database.user, cwd="/")

    def ask(self, query):
        self.process.stdin.write(query + ";\n")
        return self.process.stdout.readline().strip()


def prepare(database):
    for table, count in SIZES.items():
        database.sql(f"CREATE TABLE {table} ({COLUMNS})", f"INSERT INTO {table} SELECT {ROW} FROM generate_series(1, {count}) k",
                     f"VACUUM (FREEZE, ANALYZE) {table}")
    database.sql("CHECKPOINT")


def source(on_apache, database, table, topic_prefix, mode, schemas):
    return {"connector.class": CLASSES[on_apache] + "SourceConnector", "tasks.max": 1, **connection(database), "mode": mode,
            **({"incrementing.column.name": "id"} if mode == "incrementing" else {}), "table.whitelist": f"public.{table}" if not on_apache else table,
            "topic.prefix": topic_prefix, "batch.max.rows": 2000, "poll.interval.ms": 100 if mode == "incrementing" else 3_600_000,
            "numeric.mapping": "best_fit", **converters(schemas)}


def sink(on_apache, database, topic, table, mode):
    return {"connector.class": CLASSES[on_apache] + "SinkConnector", "tasks.max": 1, **connection(database), "topics": topic,
            "table.name.format": table, "insert.mode": mode, "pk.mode": "record_value", "pk.fields": "id", "batch.size": 3000,
            "consumer.override.max.poll.records": 3000, "consumer.override.auto.offset.reset": "earliest", **converters(True)}


def connection(database):
    return {"connection.url": f"jdbc:postgresql://127.0.0.1:{database.port}/postgres", "connection.user": "postgres", "connection.password": "x"}


def converters(schemas):
    return {"key.converter": JSON, "key.converter.schemas.enable": "false", "value.converter": JSON,
            "value.converter.schemas.enable": str(schemas).lower()}


def read(worker, topic, config, count):
    """Rate and CPU from the first records to the last. A topic's end counts the ends of transactions, too: it is the last that counts."""
    worker.create(topic, config)
    samples = [(until("the first record", lambda: worker.records(topic), worker.processes, 0.01), time.monotonic(), worker.cpu_seconds())]

    def quiet():
        end, now = worker.records(topic), time.monotonic()
        if end > samples[-1][0]:
            samples.append((end, now, worker.cpu_seconds()))
        return samples[-1][0] >= count and now - samples[-1][1] > QUIET_SECONDS

    until("the last record", quiet, worker.processes, 0.01)
    worker.ask("DELETE", f"/connectors/{topic}")
    (first, began, cpu_before), (_, ended, cpu_after) = samples[0], samples[-1]
    return figure(worker, count - min(first, count - 1), ended - began, cpu_after - cpu_before)


def written(worker, session, name, config, table, count):
    worker.create(name, config)
    for id in (1, count):
        until(f"row {id}", lambda: session.ask(f"SELECT count(*) FROM {table} WHERE id = {id} AND note <> ''") == "1", worker.processes, 0.01)
        if id == 1:
            began, cpu = time.monotonic(), worker.cpu_seconds()
    seconds, cpu = time.monotonic() - began, worker.cpu_seconds() - cpu
    worker.ask("DELETE", f"/connectors/{name}")
    return figure(worker, count, seconds, cpu)


def figure(worker, count, seconds, cpu):
    return count / seconds, cpu / count * 1_000_000, worker.peak_mib()


def check(what, found, expected):
    if found != expected:
        fail(f"{what}: count and sum are {found}, not {expected}")


def check_topic(database, worker, topic, table):
    program = f"{ROOT}/benchmarks/src/main/java/io/levada/benchmarks/TopicSum.java"
    done = subprocess.run(["java", "-cp", KAFKA_JARS, program, f"127.0.0.1:{worker.broker}", topic], capture_output=True, text=True)
    expected = database.sql(f"SELECT count(*) || ' ' || sum(('x' || substr(md5({VALUE}), 1, 8))::bit(32)::int8) FROM {table}")
    check(topic, done.stdout.strip() or done.stderr, expected)


def check_table(database, written_table, table):
    query = "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) FROM {} t"
    check(written_table, database.sql(query.format(written_table)), database.sql(query.format(table)))


def limits(database):
    for table, count in SIZES.items():
        suffix, file = " x10" if table == "t10" else "", f"{work}/postgres/rows"
        begin = time.monotonic()
        database.sql(f"\\copy {table} TO {file}")
        told("COPY TO", "read" + suffix, (count / (time.monotonic() - begin), None, None))
        database.sql(f"CREATE TABLE limit_of_it ({COLUMNS})")
        begin = time.monotonic()
        database.sql(f"\\copy limit_of_it FROM {file}")
        told("COPY FROM", "write" + suffix, (count / (time.monotonic() - begin), None, None))
        database.sql("DROP TABLE limit_of_it")
        os.remove(file)


def all_of(name, database, session, worker):
    on_apache, label = name == "apache", os.path.basename(os.path.dirname(os.path.abspath(name))) if "/" in name else name
    for table, count in SIZES.items():
        suffix = " x10" if table == "t10" else ""
        topic = "rows-" + table
        read(worker, topic, source(on_apache, database, table, "rows-", "bulk", True), count)  # what the sinks read, and a path that gets warm
        for mode in (each for each in phases if each in ("bulk", "incrementing")):
            topic = f"{mode}-{table}"
            told(label, mode + suffix, read(worker, topic, source(on_apache, database, table, f"{mode}-", mode, False), count))
            check_topic(database, worker, topic, table)
        for mode in (each for each in phases if each in ("insert", "upsert")):
            target = f"{mode}_of_it"
            database.sql(f"CREATE TABLE {target} ({COLUMNS})")
            if mode == "upsert":
                database.sql(f"INSERT INTO {target} SELECT k, 0, '', '', '', 0, 0, false, now(), '' FROM generate_series(2, {count}, 2) k")
            told(label, mode + suffix, written(worker, session, f"{mode}-{table}-sink", sink(on_apache, database, f"rows-{table}", target, mode),
                                               target, count))
            check_table(database, target, table)
            database.sql(f"DROP TABLE {target}")


def measure(database):
    prepare(database)
    session = Session(database)
    for number in range(runs):
        limits(database)
        for nth, name in enumerate(names):
            command = None if name == "apache" else f"{ROOT}/levada" if name == "levada" else name
            worker = rig.Worker(f"{work}/{nth}-{number}", command, os.environ.get("JDBC_PEER", PLUGINS))
            all_of(name, database, session, worker)
            worker.stop()
            shutil.rmtree(worker.folder)


rig.measuring(measure)
P
