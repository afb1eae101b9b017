/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.Spelled;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Where the database is and who we are there. */
public record ServerOptions(
        @Option(
                name = "database.hostname",
                doc = "Host name or address of the PostgreSQL server.",
                importance = Importance.HIGH,
                group = "Connection")
        String host,

        @Option(
                name = "database.port",
                doc = "Port of the PostgreSQL server.",
                defaultValue = "5432",
                min = 1,
                max = 65535,
                importance = Importance.HIGH,
                group = "Connection")
        int port,

        @Option(
                name = "database.user",
                doc = "User to connect as; it needs the attribute REPLICATION and may read the tables.",
                importance = Importance.HIGH,
                group = "Connection")
        String user,

        @Option(
                name = "database.password",
                doc = "Password of the user.",
                optional = true,
                importance = Importance.HIGH,
                group = "Connection")
        @Nullable
        Password password,

        @Option(
                name = "database.dbname",
                doc = "The database to capture.",
                importance = Importance.HIGH,
                group = "Connection")
        String database,

        @Option(
                name = "database.sslmode",
                doc = "Whether the connection is encrypted, and what is checked of the server's certificate.",
                defaultValue = "prefer",
                group = "Connection")
        SslMode sslMode,

        @Option(
                name = "database.sslrootcert",
                doc = "File with the certificates of the authorities that the server's certificate is checked against.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        Path sslRootCert,

        @Option(
                name = "database.sslcert",
                doc = "File with the client's certificate.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        Path sslCert,

        @Option(
                name = "database.sslkey",
                doc = "File with the client's private key.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        Path sslKey,

        @Option(
                name = "database.sslpassword",
                doc = "Password of the client's private key.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        Password sslPassword,

        @Option(
                name = "database.sslfactory",
                doc = "A class of the driver's, or beside the connector, that makes the encrypted sockets, such as"
                        + " org.postgresql.ssl.NonValidatingFactory, which checks nothing.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        String sslFactory,

        @Option(
                name = "database.query.timeout.ms",
                doc =
                        "Milliseconds after which the server breaks off a query of the catalogue or of heartbeats; 0 for never. Reading"
                                + " rows has no bound.",
                defaultValue = "600000",
                max = Integer.MAX_VALUE,
                importance = Importance.LOW,
                group = "Connection")
        Duration queryTimeout,

        @Option(
                name = "database.tcpKeepAlive",
                doc = "Let the operating system notice that the server's machine is gone.",
                defaultValue = "true",
                importance = Importance.LOW,
                group = "Connection")
        boolean tcpKeepAlive,

        @Option(
                name = "database.initial.statements",
                doc =
                        "SQL run on each connection for the catalogue and snapshots, separated by semicolons; ;; is a semicolon.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Connection")
        String initialStatements) {

    /** {@code sslmode} of PostgreSQL's clients. */
    public enum SslMode implements Spelled {
        DISABLE("disable"),
        ALLOW("allow"),
        PREFER("prefer"),
        REQUIRE("require"),
        VERIFY_CA("verify-ca"),
        VERIFY_FULL("verify-full");

        private final String spelling;

        SslMode(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String spelling() {
            return spelling;
        }
    }

    /** For messages: where, and never a secret. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
