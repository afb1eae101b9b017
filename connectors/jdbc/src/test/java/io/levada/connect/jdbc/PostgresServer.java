/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A real PostgreSQL, set up for change capture. The one that all tests of the module share is of the version on the class path, or of
 * {@code -Dlevada.postgres}.
 */
final class PostgresServer implements AutoCloseable {

    /** Where the build puts the binaries of other versions: docs/connectors/postgres-cdc.md has the command for all of them. */
    private static final Path BINARIES = Path.of("target", "postgres");

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final EmbeddedPostgres running;
    private final String version;

    private PostgresServer(EmbeddedPostgres running, String version) {
        this.running = running;
        this.version = version;
    }

    /** Started on first use; ends with the JVM by its own hook. */
    private static final class Shared {
        private static final PostgresServer RUNNING = start();

        private static PostgresServer start() {
            try {
                String version = System.getProperty("levada.postgres", "");
                return PostgresServer.start(version);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start PostgreSQL", e);
            } catch (SQLException e) {
                throw new IllegalStateException("cannot prepare PostgreSQL", e);
            }
        }
    }

    static PostgresServer shared() {
        return Shared.RUNNING;
    }

    /** One of its own, of this major version. */
    static PostgresServer ofVersion(String major) throws IOException, SQLException {
        return start(major);
    }

    private static EmbeddedPostgres.Builder settings(String major) {
        EmbeddedPostgres.Builder settings = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("fsync", "off")
                .setServerConfig("max_prepared_transactions", "5")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_replication_slots", "500")
                .setServerConfig("max_wal_senders", "100");
        return major.isEmpty()
                ? settings
                : settings.setPgBinaryResolver(new Jar(BINARIES.resolve("postgres-" + major + ".jar")));
    }

    private static PostgresServer start(String major) throws IOException, SQLException {
        EmbeddedPostgres running = settings(major).start();
        requirePasswords(running);
        return new PostgresServer(running, major);
    }

    /**
     * A standby of this server, made of a copy of its files.
     *
     * @param folder an empty one, for its data
     */
    PostgresServer standby(Path folder) throws IOException, SQLException {
        Path data = Files.createDirectory(folder.resolve("standby"), OWNER_ONLY);
        try (Connection connection = new Postgres(urlOf("postgres")).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('standby', true)");
            Path primary = Path.of(text(statement, "SHOW data_directory"));
            copy(primary, data);
            Files.writeString(data.resolve("backup_label"), text(statement, "SELECT labelfile FROM pg_backup_stop()"));
        }
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + port() + " user=postgres password=postgres'\n");
        return new PostgresServer(
                settings(version)
                        // Else the primary removes rows of the catalogue that logical decoding on the standby needs.
                        .setServerConfig("hot_standby_feedback", "on")
                        .setConnectConfig("password", "postgres")
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .start(),
                version);
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Files may come and go meanwhile: the log tells the standby of them. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path name = from.relativize(file);
                Path target = to.resolve(name.toString());
                if (Files.isDirectory(file)) {
                    if (!Files.exists(target)) {
                        Files.createDirectory(target, OWNER_ONLY);
                    }
                } else if (!name.startsWith("postmaster.pid")
                        && !name.startsWith("epg-lock")
                        && !name.startsWith("pg_replslot")) {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** The server comes up trusting everyone, which would hide wrong passwords. */
    private static void requirePasswords(EmbeddedPostgres server) throws IOException, SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE postgres PASSWORD 'postgres'");
            ResultSet file = statement.executeQuery("SHOW hba_file");
            file.next();
            Files.writeString(
                    Path.of(file.getString(1)),
                    "host all all all scram-sha-256\nhost replication all all scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Binaries of one version, which lie at the same place in the jar of each. */
    private record Jar(Path file) implements PgBinaryResolver {
        @Override
        public InputStream getPgBinary(String system, String machine) throws IOException {
            if (!Files.exists(file)) {
                throw new FileNotFoundException(file + " is not there: build with -Ppostgres-versions");
            }
            try (JarFile jar = new JarFile(file.toFile())) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (entry.getName().endsWith(".txz")) {
                        return new ByteArrayInputStream(
                                jar.getInputStream(entry).readAllBytes());
                    }
                }
            }
            throw new FileNotFoundException(file + " has no binaries of PostgreSQL");
        }
    }

    /** An empty database. */
    Postgres newDatabase() throws SQLException {
        String name = "test" + DATABASES.incrementAndGet();
        new Postgres(urlOf("postgres")).execute("CREATE DATABASE " + name);
        return new Postgres(urlOf(name));
    }

    private String urlOf(String database) {
        return "jdbc:postgresql://localhost:" + port() + "/" + database;
    }

    int port() {
        return running.getPort();
    }

    @Override
    public void close() throws IOException {
        running.close();
    }
}
