/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * A PostgreSQL server of the demo's own, over a folder that outlives it. It listens on loopback alone and lets nobody in without the
 * password. Works as root too.
 */
final class DemoPostgres implements AutoCloseable {

    static final String USER = "postgres";

    static final String DATABASE = "postgres";
    private static final Duration START_MAX = Duration.ofSeconds(60);

    /** Who may connect, and how (PostgreSQL manual, "The pg_hba.conf File"). */
    private static final String ACCESS = """
            # Made by levada demo: with the password, and from this machine alone.
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128      scram-sha-256
            """;

    private final EmbeddedPostgres server;

    private DemoPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    static DemoPostgres start(DemoFolder folder, DemoConnections connections) throws IOException {
        Path data = folder.postgres();
        removeUnborn(data);
        PostgresBinaries binaries = PostgresBinaries.in(folder.postgresBinaries());
        try {
            return new DemoPostgres(EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPgBinaryResolver(binaries)
                    .setOverrideWorkingDirectory(binaries.workingFolder().toFile())
                    .setDataDirectoryCustomizer(
                            made -> requirePassword(made.toPath(), binaries, connections.postgresPassword()))
                    .setConnectConfig("password", connections.postgresPassword())
                    .setPort(connections.postgresPort())
                    .setPGStartupWait(START_MAX)
                    // It is closed after those that use it; a hook of its own would stop it under them.
                    .setRegisterShutdownHook(false)
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("listen_addresses", "localhost")
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("log_min_messages", "fatal")
                    .start());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IllegalStateException
                | ExceptionInInitializerError e) { // the library's, when unpacking or initdb fails
            throw new IOException("the demo's PostgreSQL did not start in " + data + ": " + e.getMessage(), e);
        }
    }

    DataSource dataSource() {
        return server.getPostgresDatabase();
    }

    String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + DATABASE;
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** A folder that no server ever ran over: a kill left it half made, and it would never become a database. */
    private static void removeUnborn(Path data) throws IOException {
        if (!Files.exists(data.resolve("postmaster.opts"))) {
            DemoFolder.delete(data);
        }
    }

    /**
     * A new database trusts everybody on this machine, so this is done before its server first runs; and again when the file that
     * held the password is gone, for the database knows the old one still.
     */
    private static void requirePassword(Path data, PostgresBinaries binaries, String password) {
        Path access = data.resolve("pg_hba.conf");
        String wanted = ACCESS + "# Set is the password with the fingerprint "
                + UUID.nameUUIDFromBytes(password.getBytes(StandardCharsets.UTF_8)) + "\n";
        try {
            if (Files.readString(access).equals(wanted)) {
                return;
            }
            binaries.execute(data, "ALTER ROLE " + USER + " PASSWORD '" + password + "';\n");
            Files.writeString(access, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
