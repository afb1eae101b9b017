/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL server of the demo's own, on a free port of loopback, over a folder that outlives it. Works as root too. */
final class DemoPostgres implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(DemoPostgres.class);
    private static final String USER = "postgres";
    private static final String DATABASE = "postgres";
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration STOP_MAX = Duration.ofSeconds(20);

    private final EmbeddedPostgres server;

    private DemoPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    static DemoPostgres start(Path folder) throws IOException {
        stopLeftover(folder);
        Files.createDirectories(folder.getParent());
        return new DemoPostgres(EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPGStartupWait(START_MAX)
                // It is closed after those that use it; a hook of its own would stop it under them.
                .setRegisterShutdownHook(false)
                .setServerConfig("log_min_messages", "fatal")
                .start());
    }

    DataSource dataSource() {
        return server.getPostgresDatabase();
    }

    String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + DATABASE;
    }

    String user() {
        return USER;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** When an earlier demo was killed, its server lives on and holds the folder: it is asked to stop, as its parent would have. */
    private static void stopLeftover(Path folder) throws IOException {
        Path pidFile = folder.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        Optional<ProcessHandle> leftover = ProcessHandle.of(pid).filter(DemoPostgres::isPostgres);
        if (leftover.isEmpty()) {
            return;
        }
        LOGGER.atInfo().addKeyValue("pid", pid).log("stopping the PostgreSQL server that an earlier demo left behind");
        leftover.get().destroy();
        try {
            leftover.get().onExit().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while process " + pid + " was asked to stop", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "the PostgreSQL server of an earlier demo (process " + pid + ") holds " + folder
                            + " and does not stop: end it, or give the demo another folder with --dir",
                    e);
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().map(c -> c.endsWith("postgres")).orElse(false);
    }
}
