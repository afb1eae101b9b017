/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.harness.SinkHarness;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Records of one topic, and sinks for them into a database of their own. */
final class OrdersSink {

    static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();

    private final Postgres postgres;
    private long nextOffset;

    OrdersSink(String... statements) throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(statements);
    }

    Postgres database() {
        return postgres;
    }

    SinkHarness start(String... config) {
        return start(SinkHarness.ErrorReporting.ON, config);
    }

    SinkHarness start(SinkHarness.ErrorReporting reporting, String... config) {
        Map<String, String> all = postgres.config(config);
        all.putIfAbsent("topics", "orders");
        all.putIfAbsent("retry.backoff.ms", "0");
        return SinkHarness.start(new JdbcSinkConnector(), all, reporting, PARTITION);
    }

    /** A record without schema. */
    SinkRecord map(Object... namesAndValues) {
        Map<String, Object> value = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            value.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return new SinkRecord("orders", 0, null, null, null, value, nextOffset++);
    }

    /** A record whose value has no fields. */
    SinkRecord text() {
        return new SinkRecord("orders", 0, null, null, Schema.STRING_SCHEMA, "text", nextOffset++);
    }

    /** A record with a value for each of the schema's fields. */
    SinkRecord struct(Schema schema, @Nullable Object... values) {
        Struct value = new Struct(schema);
        for (int i = 0; i < values.length; i++) {
            value.put(schema.fields().get(i), values[i]);
        }
        return new SinkRecord("orders", 0, null, null, schema, value, nextOffset++);
    }

    /** The record with {@code id} as its key. */
    SinkRecord keyed(int id, SinkRecord record) {
        return record.newRecord(
                record.topic(),
                record.kafkaPartition(),
                KEY,
                new Struct(KEY).put("id", id),
                record.valueSchema(),
                record.value(),
                null);
    }

    /** A record that deletes. */
    SinkRecord deletion(int id) {
        return new SinkRecord("orders", 0, KEY, new Struct(KEY).put("id", id), null, null, nextOffset++);
    }

    static Schema schema(Object... namesAndSchemas) {
        SchemaBuilder builder = SchemaBuilder.struct();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            builder.field((String) namesAndSchemas[i], (Schema) namesAndSchemas[i + 1]);
        }
        return builder.build();
    }

    /** The offsets of the records that the task gave back. */
    static List<Long> reported(SinkHarness sink) {
        return sink.requests().errant().stream()
                .map(errant -> errant.record().originalKafkaOffset())
                .toList();
    }

    /** What the task said of each. */
    static List<String> errors(SinkHarness sink) {
        return sink.requests().errant().stream()
                .map(errant -> String.valueOf(errant.error().getMessage()))
                .toList();
    }

    List<String> rows(String... columns) throws SQLException {
        String list = String.join(", ", Arrays.asList(columns));
        return postgres.rows("SELECT " + list + " FROM orders ORDER BY " + columns[0]);
    }
}
