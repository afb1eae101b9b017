/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server each time. */
final class DemoPostgresTest {

    @TempDir
    private Path parent;

    @Test
    void itLetsNobodyInWithoutThePasswordAndRunsProgramsThatNobodyElseCanReach() throws Exception {
        try (DemoFolder folder = DemoFolder.claim(parent.resolve("demo"))) {
            DemoConnections connections = DemoConnections.open(folder.connections());
            try (DemoPostgres postgres = DemoPostgres.start(folder, connections)) {
                new OrdersTable(postgres.dataSource()).createIfMissing();

                assertThatThrownBy(() -> connect(postgres, "")).isInstanceOf(SQLException.class);
                assertThatThrownBy(() -> connect(postgres, "wrong")).hasMessageContaining("password");
                connect(postgres, connections.postgresPassword());
                String program = ProcessHandle.of(serverPid(folder))
                        .flatMap(server -> server.info().command())
                        .orElseThrow();
                assertThat(program).startsWith(folder.postgresBinaries().toString());
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.postgresBinaries())))
                        .isEqualTo("rwx------");
            }
        }
    }

    @Test
    void theServerOfAKilledDemoIsEndedAndItsRowsAreThere() throws Exception {
        try (DemoFolder folder = DemoFolder.claim(parent.resolve("demo"))) {
            DemoConnections connections = DemoConnections.open(folder.connections());
            DemoPostgres killed = DemoPostgres.start(folder, connections);
            new OrdersTable(killed.dataSource()).createIfMissing();
            ProcessHandle server = ProcessHandle.of(serverPid(folder)).orElseThrow();

            new LeftoverPostgres(folder.postgres()).stop();

            assertThat(server.isAlive()).isFalse();
            killed.close(); // In this process the library would still hold its lock.
            try (DemoPostgres next = DemoPostgres.start(folder, connections)) {
                assertThat(new OrdersTable(next.dataSource()).count()).isZero();
            }
        }
    }

    @Test
    void aDatabaseWhosePasswordWasLostTakesTheNextOne() throws Exception {
        try (DemoFolder folder = DemoFolder.claim(parent.resolve("demo"))) {
            try (DemoPostgres first = DemoPostgres.start(folder, DemoConnections.open(folder.connections()))) {
                new OrdersTable(first.dataSource()).createIfMissing();
            }
            Files.delete(folder.connections());

            try (DemoPostgres next = DemoPostgres.start(folder, DemoConnections.open(folder.connections()))) {
                assertThat(new OrdersTable(next.dataSource()).count()).isZero();
            }
        }
    }

    @Test
    void aDatabaseThatAKillLeftHalfMadeIsMadeAnew() throws Exception {
        try (DemoFolder folder = DemoFolder.claim(parent.resolve("demo"))) {
            Files.createDirectories(folder.postgres().resolve("base"));
            Files.writeString(folder.postgres().resolve("postgresql.conf"), "");
            DemoConnections connections = DemoConnections.open(folder.connections());
            try (DemoPostgres postgres = DemoPostgres.start(folder, connections)) {
                new OrdersTable(postgres.dataSource()).createIfMissing();
            }
        }
    }

    @Test
    void aProcessThatAStalePidFileNamesIsLeftAlone() throws Exception {
        Path data = Files.createDirectories(parent.resolve("postgres"));
        Path program = Files.copy(Path.of("/bin/sleep").toRealPath(), parent.resolve("bin-postgres"));
        Path named = Files.createDirectories(parent.resolve("bin")).resolve("postgres");
        Files.move(program, named);
        for (List<String> command : List.of(List.of("sleep", "600"), List.of(named.toString(), "600"))) {
            Process stranger = new ProcessBuilder(command).start();
            try {
                Path pidFile = Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n" + data + "\n");

                new LeftoverPostgres(data).stop();

                assertThat(stranger.isAlive()).as(command.toString()).isTrue();
                assertThat(pidFile)
                        .as("PostgreSQL would take the stranger for its server")
                        .doesNotExist();
            } finally {
                stranger.destroyForcibly();
            }
        }
    }

    @Test
    void aTornPidFileIsRemoved() throws IOException {
        Path pidFile = Files.createFile(parent.resolve("postmaster.pid"));
        new LeftoverPostgres(parent).stop();
        assertThat(pidFile).doesNotExist();
    }

    private static void connect(DemoPostgres postgres, String password) throws SQLException {
        DriverManager.getConnection(postgres.jdbcUrl(), DemoPostgres.USER, password)
                .close();
    }

    private static long serverPid(DemoFolder folder) throws IOException {
        return Long.parseLong(
                Files.readAllLines(folder.postgres().resolve("postmaster.pid")).get(0));
    }
}
