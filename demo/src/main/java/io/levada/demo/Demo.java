/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import io.levada.runtime.Worker;
import io.levada.runtime.config.WorkerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code levada demo}: see the package's documentation. */
public final class Demo {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);

    private final DemoOptions options;
    private final PrintStream out;
    private final boolean terminal;
    private final CountDownLatch stop;

    /**
     * @param out where the demo talks to its user
     * @param terminal whether that is a terminal, where a line can be drawn anew
     * @param stop counted down by another thread when the demo is to end early
     */
    public Demo(DemoOptions options, PrintStream out, boolean terminal, CountDownLatch stop) {
        this.options = options;
        this.out = out;
        this.terminal = terminal;
        this.stop = stop;
    }

    /**
     * Runs until it is done or stopped; everything it started has ended when this returns.
     *
     * @return the process' exit code: 0, or 1 if a row is missing somewhere or is there twice
     */
    public int run() throws IOException, SQLException, InterruptedException {
        if (options.fresh()) {
            empty(options.folder());
        }
        Files.createDirectories(options.folder().resolve("files"));
        Path file = options.folder().resolve("files").resolve("orders.jsonl");
        out.println("Starting PostgreSQL, S3 and a worker with its broker, in " + options.folder() + " ...");
        try (DemoPostgres postgres = DemoPostgres.start(options.folder().resolve("postgres"));
                DemoS3 s3 = DemoS3.start(options.folder().resolve("s3"));
                Worker worker = Worker.start(workerConfig(), options.bundledPlugins())) {
            OrdersTable table = new OrdersTable(postgres.dataSource());
            table.createIfMissing();
            try (LoadGenerator load = LoadGenerator.start(table, options.rowsPerSecond())) {
                new DemoPipeline(restUrl(worker)).create(postgres, s3, file);
                introduce(postgres, worker, file);
                try (Audit audit = new Audit(
                        new TopicRows(worker.bootstrapServers(), DemoPipeline.TOPIC),
                        new FileRows(file),
                        new S3Rows(s3))) {
                    return watch(table, load, audit);
                }
            }
        }
    }

    private int watch(OrdersTable table, LoadGenerator load, Audit audit)
            throws IOException, SQLException, InterruptedException {
        ProgressLine line = new ProgressLine(out, terminal);
        long before = table.count() - load.inserted();
        boolean stopped = follow(options.load(), () -> line.show(audit.progress(before + load.inserted())));
        load.stop();
        if (stopped) {
            line.last(audit.progress(table.count()));
            return 0;
        }
        return options.exitWhenDone() ? settle(table, audit, line) : linger(table, audit, line);
    }

    /** Waits until every row has arrived everywhere, and says what has not. */
    private int settle(OrdersTable table, Audit audit, ProgressLine line)
            throws IOException, SQLException, InterruptedException {
        BitSet rows = table.ids();
        long deadline = System.nanoTime() + ARRIVAL_MAX.toNanos();
        while (!audit.complete(rows) && System.nanoTime() < deadline) {
            line.show(audit.progress(rows.cardinality()));
            if (stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        line.last(audit.progress(rows.cardinality()));
        List<String> findings = audit.findings(rows);
        if (findings.isEmpty()) {
            out.printf(
                    "Every one of the %,d rows is in the topic, in the file and in S3, exactly once.%n",
                    rows.cardinality());
            return 0;
        }
        findings.forEach(finding -> out.println("NOT RIGHT: " + finding));
        out.println("Everything is still in " + options.folder() + "; --fresh starts over with an empty folder.");
        return 1;
    }

    /** Stays up for the user to look around, although nothing is inserted any more. */
    private int linger(OrdersTable table, Audit audit, ProgressLine line)
            throws IOException, SQLException, InterruptedException {
        long rows = table.count();
        follow(Optional.empty(), () -> line.show(audit.progress(rows)));
        line.last(audit.progress(rows));
        return 0;
    }

    /** Looks every half second, for the time given. @return whether it was told to stop before that time was over */
    private boolean follow(Optional<Duration> time, Look look) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (time.isEmpty() || System.nanoTime() - start < time.get().toNanos()) {
            look.look();
            if (stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    private void introduce(DemoPostgres postgres, Worker worker, Path file) {
        out.println();
        out.println("  table orders   " + postgres.jdbcUrl() + "  (user " + postgres.user() + ", no password)");
        out.println("  topic          " + DemoPipeline.TOPIC + " on broker " + worker.bootstrapServers());
        out.println("  file           " + file);
        out.println("  S3             " + options.folder().resolve("s3").resolve(DemoS3.BUCKET));
        out.println("  REST           " + restUrl(worker) + "/connectors?expand=status");
        out.println("  console        " + restUrl(worker) + "/ui/");
        out.println();
        out.println("Rows are inserted all the time. Watch them: tail -f " + file);
        out.println("                                            ./levada consume " + DemoPipeline.TOPIC
                + " --from-beginning --bootstrap-server " + worker.bootstrapServers());
        out.println("Ctrl-C ends the demo; run it again to go on, with --fresh to start over.");
        out.println();
    }

    private static String restUrl(Worker worker) {
        return "http://localhost:" + worker.restPort();
    }

    private WorkerConfig workerConfig() {
        Map<String, String> properties = new HashMap<>();
        properties.put("data.dir", options.folder().resolve("data").toString());
        properties.put("offset.flush.interval.ms", "1000");
        properties.putAll(options.worker());
        return WorkerConfig.from(properties);
    }

    private static void empty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private interface Look {
        void look() throws IOException;
    }
}
