/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.database;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL that crashes and comes up again over the same data, at the same port. */
public final class Server implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int LAST_LINES = 40;

    private final Path data;
    private final int port;
    private volatile EmbeddedPostgres running;

    private Server(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.running = launch();
    }

    public static Server start(Path data, int port) throws IOException {
        return new Server(Files.createDirectories(data), port);
    }

    private EmbeddedPostgres launch() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(PATIENCE)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log().toFile()))
                // A process that dies takes nothing with it that it gave to the operating system.
                .setServerConfig("fsync", "off")
                // Which takes what it has acknowledged, too, unless that was given to the operating system first.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_prepared_transactions", "20")
                .setServerConfig("max_replication_slots", "10")
                .setServerConfig("max_wal_senders", "10")
                .setServerConfig("autovacuum_naptime", "1s")
                .start();
    }

    private Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    /** What it has said last, over all its lives. */
    public String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    public int port() {
        return port;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + port + "/postgres?connectTimeout=10", "postgres", "postgres");
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** The first column of a query's rows, as text; null for null. */
    public List<@Nullable String> query(String sql) throws SQLException {
        List<@Nullable String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    /**
     * Ends the server without a checkpoint and starts it again, which recovers from its log.
     *
     * @param asked by an immediate shutdown; else its first process is killed, which the others notice
     */
    public void crash(boolean asked) throws IOException, InterruptedException {
        ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
        if (asked) {
            new ProcessBuilder("kill", "-QUIT", String.valueOf(postmaster.pid()))
                    .start()
                    .waitFor();
        } else {
            postmaster.destroyForcibly();
        }
        postmaster.onExit().join();
        running.close();
        // As long as processes of the old life are there, a new one refuses.
        running = await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(this::launch, up -> true);
    }

    private long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
