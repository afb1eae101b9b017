# SPDX-License-Identifier: Apache-2.0
"""What the scripts here measure with: a PostgreSQL of their own, workers with their brokers, and a table of the figures."""
import glob, http.client, json, os, pwd, shutil, signal, socket, statistics, struct, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SCRIPT = "benchmarks"  # as messages have it
LIMIT_SECONDS = 3600
TICKS = os.sysconf("SC_CLK_TCK")
JSON = "org.apache.kafka.connect.json.JsonConverter"
KAFKA_JARS = f"{ROOT}/test-peers/target/kafka/libs/*"
PLUGINS = f"{ROOT}/test-plugins/target/plugins"
# As Apache's own start scripts have it.
KAFKA_GC = ["-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35", "-XX:+ExplicitGCInvokesConcurrent"]

started = []
work = tempfile.mkdtemp()
os.chmod(work, 0o755)


def fail(message):
    sys.exit(f"{SCRIPT}: {message}")


def postgres_bin():
    for folder in [os.environ.get("PGBIN"), *os.environ["PATH"].split(os.pathsep), *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]:
        if folder and all(os.path.exists(os.path.join(folder, each)) for each in ("initdb", "postgres", "psql", "pg_recvlogical")):
            return folder
    fail("no folder with initdb, postgres, psql and pg_recvlogical; name it in PGBIN")


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
    fail(f"{what} did not happen within {LIMIT_SECONDS} s, or a process ended; logs are in {work}")


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
            fail(f"{command}: {done.stderr}")
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

    def __init__(self, folder, levada=None, plugins=PLUGINS):
        """With a levada command, or else Apache Kafka Connect with Kafka's own broker."""
        os.mkdir(folder)
        self.folder, self.plugins, self.rest, self.broker = folder, plugins, free_port(), free_port()
        self.processes = []
        if levada is None:
            self.apache()
        else:
            self.start("levada", levada, "worker", "-o", f"listeners=http://127.0.0.1:{self.rest}",
                       "-o", f"broker.listeners=PLAINTEXT://127.0.0.1:{self.broker}", "-o", f"data.dir={folder}/data",
                       "-o", f"plugin.path={plugins}", "-o", "offset.flush.interval.ms=1000")
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
            "status.storage.replication.factor": 1, "offset.flush.interval.ms": 1000, "plugin.path": self.plugins})
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

    def create(self, name, config):
        status, answer = self.ask("PUT", f"/connectors/{name}/config", config)
        if status not in (200, 201):
            fail(f"the connector was refused: {answer}")

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

    def stop(self):
        for process in reversed(self.processes):
            end(process)


figures = {}


def told(name, phase, figure):
    """Notes and prints a figure: rows a second, CPU seconds for a million rows, peak MiB; the last two None where they say nothing."""
    figures.setdefault((phase, name), []).append(figure)
    show(name, phase, figure, f"(load average {os.getloadavg()[0]:.1f})")


def show(name, phase, figure, more):
    rate, cpu, peak = figure
    print(f"{phase:17} {name:15} {rate:9.0f} rows/s" + (f"  {cpu:7.1f} CPU s/M rows  {peak:5.0f} MiB" if cpu is not None else " " * 34), more, flush=True)


def medians():
    """Prints the median of each figure, and what it is of apache's in the same round."""
    print(f"\nmedians of {max(map(len, figures.values()))}, on {os.cpu_count()} processors:")
    for (phase, name), all_of in sorted(figures.items()):
        middle = [statistics.median(column) if column[0] is not None else None for column in zip(*all_of)]
        against = figures.get((phase, "apache"))
        ratio = ""
        if against and name != "apache":
            ratio = f"{statistics.median(a[0] / b[0] for a, b in zip(all_of, against)):.2f} times apache's rows/s"
            if middle[1] is not None:
                ratio += f", {statistics.median(a[1] / b[1] for a, b in zip(all_of, against)):.2f} of its CPU"
        show(name, phase, middle, ratio)


def measuring(measure):
    """Calls measure with a PostgreSQL of its own; ends all processes, and removes all files unless it fails."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, frame: sys.exit(128 + number))
    try:
        database = Postgres(f"{work}/postgres")
        measure(database)
        medians()
        database.stop()
        shutil.rmtree(work)
    finally:
        for process in reversed(started):
            end(process, signal.SIGINT if process is started[0] else signal.SIGTERM)
