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
exec python3 - "$(dirname "$0")/.." "$@" <<'P'
import glob, http.client, json, os, pwd, shutil, signal, socket, statistics, struct, subprocess, sys, tempfile, time

root, given = os.path.realpath(sys.argv[1]), sys.argv[2:]
rows = int(given[0]) if given else 1_000_000
changes = (int(given[1]) if len(given) > 1 else 500_000) // 10 * 10  # they are made by ten
runs = int(given[2]) if len(given) > 2 else 3
names = (given[3] if len(given) > 3 else "levada,debezium,apache").split(",")
LIMIT_SECONDS = 3600
TICKS = os.sysconf("SC_CLK_TCK")
OURS = "io.levada.connect.jdbc.PostgresCdcSourceConnector"
DEBEZIUM = "io.debezium.connector.postgresql.PostgresConnector"
JSON = "org.apache.kafka.connect.json.JsonConverter"
KAFKA_JARS = f"{root}/test-peers/target/kafka/libs/*"
PLUGINS = f"{root}/test-plugins/target/plugins"
# As Apache's own start scripts have it.
KAFKA_GC = ["-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35", "-XX:+ExplicitGCInvokesConcurrent"]
COLUMNS = ("id int8 primary key, region int4, name text, city text, email text, amount numeric(12,2), score float8, active bool,"
           " created timestamptz, note text")
ROW = ("k, k % 1000, 'user-' || k, 'Lyon', 'u' || k || '@example.test', k / 100.0, 0.5, true,"
       " timestamptz '2024-01-01 UTC' + k * interval '1 second', 'n' || md5(k::text)")


def postgres_bin():
    for folder in [os.environ.get("PGBIN"), *os.environ["PATH"].split(os.pathsep), *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]:
        if folder and all(os.path.exists(os.path.join(folder, each)) for each in ("initdb", "postgres", "psql", "pg_recvlogical")):
            return folder
    sys.exit("capture.sh: no folder with initdb, postgres, psql and pg_recvlogical; name it in PGBIN")


started = []


def start(*command, **options):
    """A process that ends when this ends, whatever the cause."""
    started.append(subprocess.Popen(command, **options))
    return started[-1]


def end(process, how=signal.SIGTERM):
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def until(what, condition, processes, pause):
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end and all(each.poll() is None for each in processes):
        try:
            found = condition()
            if found:
                return found
        except OSError:
            pass  # not listening yet
        time.sleep(pause)
    sys.exit(f"capture.sh: {what} did not happen within {LIMIT_SECONDS} s, or a process ended; logs are in {work}")


class Postgres:
    """A server of its own, with everything in a folder that goes afterwards."""

    def __init__(self, folder):
        self.bin, self.port = postgres_bin(), free_port()
        self.user = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
        os.mkdir(folder)
        if self.user:
            os.chown(folder, pwd.getpwnam(self.user).pw_uid, -1)
        self.run("initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": folder, "wal_level": "logical", "fsync": "off",
                    "max_wal_size": "8GB", "shared_buffers": "512MB", "autovacuum": "off", "max_replication_slots": 100, "max_wal_senders": 100}
        self.process = start(
            f"{self.bin}/postgres", "-D", f"{folder}/data", *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            stdout=open(f"{work}/postgres.log", "wb"), stderr=subprocess.STDOUT, user=self.user, cwd=folder)
        until("the start of PostgreSQL", lambda: socket.create_connection(("127.0.0.1", self.port)).close() or True, [self.process], 0.1)

    def run(self, command, *arguments):
        done = subprocess.run([f"{self.bin}/{command}", *arguments], capture_output=True, text=True, user=self.user, cwd="/")
        if done.returncode != 0:
            sys.exit(f"capture.sh: {command}: {done.stderr}")
        return done.stdout.strip()

    def client(self):
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]

    def sql(self, *statements):
        for attempt in range(50):
            try:
                return [self.run("psql", *self.client(), "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", each) for each in statements][-1]
            except SystemExit as e:
                if attempt == 49 or "starting up" not in str(e):
                    raise
                time.sleep(0.2)

    def stop(self):
        end(self.process, signal.SIGINT)  # it waits for no client


class Worker:
    """What runs connectors, with its broker."""

    def __init__(self, folder, on_apache):
        os.mkdir(folder)
        self.folder, self.rest, self.broker = folder, free_port(), free_port()
        self.processes = []
        if on_apache:
            self.apache()
        else:
            self.start("levada", f"{root}/levada", "worker", "-o", f"listeners=http://127.0.0.1:{self.rest}",
                       "-o", f"broker.listeners=PLAINTEXT://127.0.0.1:{self.broker}", "-o", f"data.dir={folder}/data",
                       "-o", f"plugin.path={PLUGINS}", "-o", "offset.flush.interval.ms=1000")
        until("the start of the worker", lambda: self.ask("GET", "/connectors")[0] == 200, self.processes, 0.2)

    def start(self, name, *command):
        log = open(f"{self.folder}/{name}.log", "wb")
        self.processes.append(start(*command, cwd=self.folder, stdout=log, stderr=log, env={**os.environ, "LEVADA_BUILD": "off"}))

    def write(self, name, settings):
        with open(f"{self.folder}/{name}", "w") as file:
            file.writelines(f"{key}={value}\n" for key, value in settings.items())
        return f"{self.folder}/{name}"

    def apache(self):
        controller = free_port()
        log = "-Dlog4j2.configurationFile=" + self.write("log4j2.properties", {
            "rootLogger.level": "WARN", "rootLogger.appenderRef.c.ref": "c", "appender.c.type": "Console", "appender.c.name": "c",
            "appender.c.layout.type": "PatternLayout", "appender.c.layout.pattern": "%d %p %m (%c)%n"})
        server = self.write("server.properties", {
            "process.roles": "broker,controller", "node.id": 1, "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.broker},CONTROLLER://127.0.0.1:{controller}", "controller.listener.names": "CONTROLLER",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.broker}", "log.dirs": f"{self.folder}/data", "offsets.topic.replication.factor": 1,
            "transaction.state.log.replication.factor": 1, "transaction.state.log.min.isr": 1, "group.initial.rebalance.delay.ms": 0})
        worker = self.write("worker.properties", {
            "bootstrap.servers": f"127.0.0.1:{self.broker}", "listeners": f"http://127.0.0.1:{self.rest}", "group.id": "connect",
            "key.converter": JSON, "value.converter": JSON, "config.storage.topic": "configs", "offset.storage.topic": "offsets",
            "status.storage.topic": "statuses", "config.storage.replication.factor": 1, "offset.storage.replication.factor": 1,
            "status.storage.replication.factor": 1, "offset.flush.interval.ms": 1000, "plugin.path": PLUGINS})
        subprocess.run(["java", log, "-cp", KAFKA_JARS, "kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", server],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.start("broker", "java", "-Xms1g", "-Xmx1g", *KAFKA_GC, log, "-cp", KAFKA_JARS, "kafka.Kafka", server)
        until("the start of the broker", lambda: socket.create_connection(("127.0.0.1", self.broker)).close() or True, self.processes, 0.2)
        heap = os.environ.get("CONNECT_OPTS", "-Xms256m -Xmx2g").split()
        self.start("connect", "java", *heap, *KAFKA_GC, log, "-cp", KAFKA_JARS, "org.apache.kafka.connect.cli.ConnectDistributed", worker)

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def records(self, topic):
        """The topic's end, asked by ListOffsets version 1; 0 while there is none."""
        name = topic.encode()
        request = struct.pack(">hhihiih", 2, 1, 1, -1, -1, 1, len(name)) + name + struct.pack(">iiq", 1, 0, -1)
        with socket.create_connection(("127.0.0.1", self.broker), 10) as connection, connection.makefile("rb") as answers:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = answers.read(struct.unpack(">i", answers.read(4))[0])
        return max(0, struct.unpack(">q", answer[-8:])[0])

    def cpu_seconds(self):
        ticks = 0
        for process in self.processes:
            with open(f"/proc/{process.pid}/stat") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def peak_mib(self):
        sizes = []
        for process in self.processes:
            with open(f"/proc/{process.pid}/status") as status:
                sizes += [int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")]
        return sum(sizes)

    def measured(self, config, topic, count):
        status, answer = self.ask("PUT", f"/connectors/{topic}/config", config)
        if status not in (200, 201):
            sys.exit(f"capture.sh: the connector was refused: {answer}")
        first = until("the first record", lambda: self.records(topic), self.processes, 0.02)
        begin, cpu = time.monotonic(), self.cpu_seconds()
        until("the last record", lambda: self.records(topic) >= count, self.processes, 0.02)
        seconds, cpu = time.monotonic() - begin, self.cpu_seconds() - cpu
        self.ask("DELETE", f"/connectors/{topic}")
        return (count - first) / seconds, cpu / (count - first) * 1_000_000, self.peak_mib()

    def stop(self):
        for process in reversed(self.processes):
            end(process)


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


figures = {}


def told(name, phase, figure):
    figures.setdefault((phase, name), []).append(figure)
    show(name, phase, figure, f"(load average {os.getloadavg()[0]:.1f})")


def show(name, phase, figure, more):
    rate, cpu, peak = figure
    print(f"{phase:14} {name:15} {rate:9.0f} rows/s" + (f"  {cpu:7.1f} CPU s/M rows  {peak:5.0f} MiB" if cpu is not None else " " * 34), more, flush=True)


PHASES = [("snapshot", "initial_only", "t", rows), ("changes", "no_data", "c", changes), ("changes in one", "no_data", "one", changes)]
slots = [f"{name}_{table}_{number}" for number in range(runs) for name in names for table in ("c", "one")] + [f"limit_{n}" for n in range(runs)]
work = tempfile.mkdtemp()
os.chmod(work, 0o755)
for each in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, lambda number, frame: sys.exit(128 + number))
try:
    database = Postgres(f"{work}/postgres")
    prepare(database)
    for number in range(runs):
        limits(database, number)
        for name in names:
            worker = Worker(f"{work}/{name}-{number}", name == "apache")
            for phase, mode, table, count in PHASES:
                slot, prefix = f"{name}_{table}_{number}", f"{name}{number}"
                told(name, phase, worker.measured(capture(name, mode, prefix, table, slot, database), f"{prefix}.public.{table}", count))
            worker.stop()
            shutil.rmtree(worker.folder)
    print(f"\nmedians of {runs}, on {os.cpu_count()} processors:")
    for (phase, name), all_of in sorted(figures.items()):
        middle = [statistics.median(column) if column[0] is not None else None for column in zip(*all_of)]
        against = figures.get((phase, "apache"))
        ratio = ""
        if against and name != "apache":
            ratio = f"{statistics.median(a[0] / b[0] for a, b in zip(all_of, against)):.2f} times apache's rows/s"
            if middle[1] is not None:
                ratio += f", {statistics.median(a[1] / b[1] for a, b in zip(all_of, against)):.2f} of its CPU"
        show(name, phase, middle, ratio)
    database.stop()
    shutil.rmtree(work)
finally:
    for process in reversed(started):
        end(process, signal.SIGINT if process is started[0] else signal.SIGTERM)
P
