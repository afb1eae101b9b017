/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import io.levada.runtime.Worker;
import io.levada.runtime.config.WorkerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code levada demo}: see the package's documentation. */
public final class Demo {

    private static final Duration CAPTURE_MAX = Duration.ofMinutes(2);

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
     * @return the process' exit code: 0, or 1 if a change is missing somewhere or is there twice
     * @throws DemoProblem if it cannot start or go on
     */
    public int run() throws DemoProblem, InterruptedException {
        try (DemoFolder folder = DemoFolder.claim(options.folder())) {
            new LeftoverPostgres(folder.postgres()).stop();
            if (options.fresh()) {
                folder.empty().forEach(left -> out.println("Left alone, as it is not the demo's: " + left));
            }
            return runIn(folder);
        } catch (IOException | SQLException | RuntimeException e) {
            throw DemoProblem.of(e, options.folder());
        }
    }

    private int runIn(DemoFolder folder) throws IOException, SQLException, InterruptedException {
        Files.createDirectories(folder.file().getParent());
        out.println("Starting PostgreSQL, S3 and a worker with its broker, in " + folder.path() + " ...");
        DemoConnections connections = DemoConnections.open(folder.connections());
        try (DemoPostgres postgres = DemoPostgres.start(folder, connections);
                DemoS3 s3 = DemoS3.start(folder.s3(), connections)) {
            connections.reached(postgres, s3);
            OrdersTable table = new OrdersTable(postgres.dataSource());
            table.createIfMissing();
            WorkerConfig config = workerConfig(folder, connections);
            try (Worker worker = Worker.start(config, options.bundledPlugins())) {
                String restUrl = restUrl(config, worker);
                DemoTopic.ensure(worker.bootstrapServers(), DemoPipeline.TOPIC);
                new DemoPipeline(restUrl).create(connections, folder.file());
                introduce(folder, postgres, worker.bootstrapServers(), restUrl);
                boolean captured = awaitCapture(table);
                try (LoadGenerator load = new LoadGenerator(table, table.count());
                        Audit audit = new Audit(
                                new TopicChanges(worker.bootstrapServers(), DemoPipeline.TOPIC),
                                new FileChanges(folder.file()),
                                new S3Changes(s3.client(), DemoS3.BUCKET))) {
                    if (captured) {
                        load.start(options.changesPerSecond());
                    }
                    return new Watch(options, table, load, audit, new ProgressLine(out, terminal), stop).run();
                }
            }
        }
    }

    /**
     * Waits until the server keeps every change until the connector has it.
     *
     * @return false if the demo is stopped before: a change that is made then would never arrive
     */
    private boolean awaitCapture(OrdersTable table) throws SQLException, DemoProblem, InterruptedException {
        long start = System.nanoTime();
        while (!table.isCaptured(DemoPipeline.SLOT)) {
            if (System.nanoTime() - start > CAPTURE_MAX.toNanos()) {
                throw new DemoProblem(
                        "the connector orders-source has not begun within " + CAPTURE_MAX.toSeconds() + " s",
                        "What is said above tells why. Give --fresh to start over, or --dir another folder.");
            }
            if (stop.await(100, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private void introduce(DemoFolder folder, DemoPostgres postgres, String bootstrap, String restUrl) {
        out.println();
        out.println("  table orders   " + postgres.jdbcUrl());
        out.println("                 user " + DemoPostgres.USER + ", password in " + folder.connections());
        out.println("  topic          " + DemoPipeline.TOPIC + " on broker " + bootstrap);
        out.println("  file           " + folder.file());
        out.println("  S3             " + folder.s3().resolve(DemoS3.BUCKET));
        out.println("  REST           " + restUrl + "/connectors?expand=status");
        out.println("  console        " + restUrl + "/ui/");
        out.println();
        out.println("Rows are inserted, updated and deleted all the time. Watch that in another terminal:");
        out.println("  tail -f " + ShellWord.quoted(folder.file().toString()));
        out.println("  " + options.command() + " consume " + DemoPipeline.TOPIC
                + " --from-beginning --bootstrap-server " + bootstrap);
        out.println("  " + options.command() + " connectors list --url " + restUrl);
        out.println(options.exitWhenDone() ? "It ends by itself; Ctrl-C ends it earlier." : "Ctrl-C ends the demo.");
        out.println();
    }

    /** The first listener as one reaches it from this machine, with the port that was really bound. */
    private static String restUrl(WorkerConfig config, Worker worker) {
        URI listener = URI.create(config.text("listeners").split(",", 2)[0].strip());
        String host = listener.getHost();
        boolean everywhere = host == null || host.equals("0.0.0.0") || host.equals("[::]");
        return listener.getScheme() + "://" + (everywhere ? "localhost" : host) + ":" + worker.restPort();
    }

    private WorkerConfig workerConfig(DemoFolder folder, DemoConnections connections) {
        Map<String, String> properties = new HashMap<>();
        properties.put("data.dir", folder.data().toString());
        properties.put("offset.flush.interval.ms", "1000");
        properties.putAll(options.worker());
        connections.provideTo(properties);
        return WorkerConfig.from(properties);
    }
}
