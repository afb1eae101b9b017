/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import io.levada.connect.jdbc.credentials.JdbcCredentials;
import io.levada.connect.jdbc.credentials.JdbcCredentialsProvider;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** User and password come from a class of the user's. */
final class CredentialsProviderTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger CLOSED = new AtomicInteger();
    private static volatile String password = "first";

    private Postgres postgres;
    private String role;

    /** Knows the password that counts now. */
    public static final class Rotating implements JdbcCredentialsProvider {
        private String user = "";

        @Override
        public void configure(Map<String, String> config) {
            if (!config.keySet().equals(Set.of("role", "secret"))) {
                throw new IllegalArgumentException("not mine: " + config.keySet());
            }
            user = config.getOrDefault("role", "");
        }

        @Override
        public JdbcCredentials credentials() {
            return new JdbcCredentials(user, password);
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }

    /** Has nothing to say. */
    public static final class Failing implements JdbcCredentialsProvider {
        @Override
        public JdbcCredentials credentials() {
            throw new IllegalStateException("the vault says hunter2");
        }
    }

    @BeforeEach
    void createRole() throws SQLException {
        password = "first";
        postgres = Postgres.newDatabase();
        role = "rotated_" + postgres.name(); // roles are the server's
        postgres.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'first'",
                "CREATE TABLE orders (id serial PRIMARY KEY, item text)",
                "GRANT ALL ON orders TO " + role,
                "INSERT INTO orders (item) VALUES ('first')");
    }

    private Map<String, String> config(Class<?> provider, String... more) {
        Map<String, String> config = postgres.config(more);
        config.keySet().removeAll(List.of("connection.user", "connection.password"));
        config.putAll(Map.of(
                "jdbc.credentials.provider.class",
                provider.getName(),
                "jdbc.credentials.provider.role",
                role,
                "jdbc.credentials.provider.secret",
                "of the vault"));
        return config;
    }

    private Map<String, String> source(Class<?> provider) {
        return config(
                provider,
                "mode",
                "incrementing",
                "incrementing.column.name",
                "id",
                "table.whitelist",
                "orders",
                "topic.prefix",
                "t.",
                "poll.interval.ms",
                "10",
                "connection.attempts",
                "1");
    }

    @Test
    void sourceAsksBeforeEachConnection() throws Exception {
        int closed = CLOSED.get();
        try (SourceHarness source =
                SourceHarness.start(new JdbcSourceConnector(), source(Rotating.class), new MemoryOffsets())) {
            assertThat(source.poll(1, PATIENCE)).hasSize(1);
            password = "second";
            postgres.execute(
                    "ALTER ROLE " + role + " PASSWORD 'second'",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'",
                    "INSERT INTO orders (item) VALUES ('second')");
            assertThat(pollThroughFailures(source)).hasSize(1);
        }
        assertThat(CLOSED.get()).as("of validation, connector and task").isEqualTo(closed + 3);
    }

    /** The connection that was ended fails once, and a worker polls again. */
    private static List<SourceRecord> pollThroughFailures(SourceHarness source) throws Exception {
        List<SourceRecord> records = List.of();
        while (records.isEmpty()) {
            try {
                records = source.poll(1, PATIENCE);
            } catch (RetriableException e) {
                assertThat(e).hasMessageContaining("will try again");
            }
        }
        return records;
    }

    @Test
    void sinkWritesAsTheProviderSays() throws Exception {
        Schema value =
                SchemaBuilder.struct().field("item", Schema.STRING_SCHEMA).build();
        try (SinkHarness sink = SinkHarness.start(
                new JdbcSinkConnector(), config(Rotating.class, "topics", "orders"), new TopicPartition("orders", 0))) {
            postgres.execute("GRANT ALL ON SEQUENCE orders_id_seq TO " + role);
            sink.put(new SinkRecord("orders", 0, null, null, value, new Struct(value).put("item", "written"), 0));
        }
        assertThat(postgres.rows("SELECT item FROM orders ORDER BY id")).containsExactly("first", "written");
    }

    @ParameterizedTest
    @CsvSource({
        "acme.Missing, is not in the connector's plugin folder",
        "java.lang.String, does not implement",
        "io.levada.connect.jdbc.CredentialsProviderTest$Failing, failed: java.lang.IllegalStateException"
    })
    void whatIsNoProviderIsRefusedByName(String name, String reason) {
        Map<String, String> config = source(Rotating.class);
        config.put("jdbc.credentials.provider.class", name);
        Config validated = new JdbcSourceConnector().validate(config);

        assertThat(validated.configValues().stream().flatMap(each -> each.errorMessages().stream()))
                .singleElement()
                .asString()
                .contains(reason)
                .doesNotContain("hunter2");
        assertThat(validated.configValues())
                .filteredOn(each -> each.name().equals("jdbc.credentials.provider.secret"))
                .singleElement()
                .satisfies(each -> assertThat(each.value()).isNull());
    }

    @Test
    void aProviderThatRefusesItsConfigurationFailsTheStart() {
        Map<String, String> config = source(Rotating.class);
        config.remove("jdbc.credentials.provider.role");

        assertThatThrownBy(() -> SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets()))
                .hasMessageContaining("does not take its configuration");
    }

    /** A worker does not stop what has not started. */
    @Test
    void isClosedWhereTheStartFails() {
        Map<String, String> config = source(Rotating.class);
        config.put("connection.url", "jdbc:postgresql://localhost:1/absent");
        int closed = CLOSED.get();
        assertThatThrownBy(() -> new JdbcSourceConnector().start(config)).hasMessageContaining("cannot reach");
        assertThat(CLOSED.get()).isEqualTo(closed + 1);
    }

    /** Says more in its failures than is to be told. */
    public static final class Talkative implements JdbcCredentialsProvider {
        @Override
        public void configure(Map<String, String> config) {
            throw new NoClassDefFoundError("hunter2");
        }

        @Override
        public JdbcCredentials credentials() {
            throw new NoClassDefFoundError("hunter2");
        }

        @Override
        public void close() {
            throw new IllegalStateException("hunter2");
        }
    }

    @Test
    void whatIsThrownBesideAFailureIsNotTold() {
        assertThatThrownBy(() -> new JdbcSourceConnector().start(source(Talkative.class)))
                .hasMessageContaining("does not take its configuration (java.lang.NoClassDefFoundError)")
                .hasMessageNotContaining("hunter2")
                .hasNoSuppressedExceptions();
    }
}
