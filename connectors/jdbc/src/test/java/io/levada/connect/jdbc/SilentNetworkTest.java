/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** A network that swallows everything breaks no connection: who waits for an answer would wait for hours. */
final class SilentNetworkTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static Map<String, String> config(Postgres postgres, Silence silence) {
        return postgres.config(
                "connection.url",
                "jdbc:postgresql://localhost:" + silence.port() + "/" + postgres.name(),
                "connection.answer.timeout.ms",
                "1000");
    }

    @Test
    void sourceReadsAgain() throws Exception {
        Postgres postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE t AS SELECT 1 AS id, repeat('x', 1000000) AS v");
        try (Silence silence = Silence.before(postgres.serverPort())) {
            Map<String, String> config = config(postgres, silence);
            config.putAll(Map.of("mode", "bulk", "topic.prefix", "", "table.whitelist", "t"));
            try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
                silence.swallowAfter(100_000);

                assertThatThrownBy(source::poll).isInstanceOf(RetriableException.class);
                assertThat(source.poll(1, PATIENCE)).hasSize(1);
            }
        }
    }

    @Test
    void sinkWritesAgain() throws Exception {
        Postgres postgres = Postgres.newDatabase();
        postgres.execute("CREATE TABLE t (id int)");
        Schema schema = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
        try (Silence silence = Silence.before(postgres.serverPort())) {
            Map<String, String> config = config(postgres, silence);
            config.put("topics", "t");
            try (SinkHarness sink = SinkHarness.start(new JdbcSinkConnector(), config, new TopicPartition("t", 0))) {
                sink.put(row(schema, 1));
                silence.swallow();

                assertThatThrownBy(() -> sink.put(row(schema, 2))).isInstanceOf(RetriableException.class);
                sink.put(row(schema, 2));
            }
        }
        assertThat(postgres.rows("SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
    }

    private static SinkRecord row(Schema schema, int id) {
        return new SinkRecord("t", 0, null, null, schema, new Struct(schema).put("id", id), id);
    }
}
