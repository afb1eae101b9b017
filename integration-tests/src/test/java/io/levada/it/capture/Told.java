/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.it.testkit.CommittedRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the topics of a capture say to readers of committed records.
 *
 * @param events by table, in their order; tombstones left out
 * @param ends of transactions, in their order
 * @param begins transaction ids, in their order
 */
record Told(Map<String, List<Event>> events, List<End> ends, List<Long> begins) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An event of a row, or of a truncation.
     *
     * @param id the row's key; empty for a truncation
     * @param lsn its place in the log; of a row that was read, its snapshot's
     * @param order its place in its transaction; 0 for a row that was read
     */
    record Event(
            String table,
            String op,
            String id,
            long xid,
            long lsn,
            @Nullable JsonNode after,
            long order) {
        boolean isRead() {
            return op.equals("r");
        }
    }

    /** @param lsn behind the transaction */
    record End(long xid, long lsn, long events) {}

    /** Reads all topics that begin with {@code prefix.public.}, and {@code prefix.transaction}. */
    static Told read(String bootstrap, String prefix) throws IOException {
        Told told = new Told(new TreeMap<>(), new ArrayList<>(), new ArrayList<>());
        String tables = prefix + ".public.";
        for (ConsumerRecord<String, String> record : CommittedRecords.of(bootstrap, prefix + ".")) {
            if (record.value() == null) {
                continue;
            }
            JsonNode value = JSON.readTree(record.value());
            if (record.topic().startsWith(tables)) {
                String table = record.topic().substring(tables.length());
                told.events.computeIfAbsent(table, each -> new ArrayList<>()).add(event(table, record.key(), value));
            } else if (record.topic().equals(prefix + ".transaction")) {
                told.take(value);
            }
        }
        return told;
    }

    private void take(JsonNode value) {
        String[] id = value.path("id").asText().split(":");
        if (value.path("status").asText().equals("END")) {
            ends.add(new End(
                    Long.parseLong(id[0]),
                    Long.parseLong(id[1]),
                    value.path("event_count").asLong()));
        } else {
            begins.add(Long.parseLong(id[0]));
        }
    }

    private static Event event(String table, @Nullable String key, JsonNode value) throws IOException {
        JsonNode source = value.path("source");
        return new Event(
                table,
                value.path("op").asText(),
                key == null ? "" : JSON.readTree(key).path("id").asText(),
                source.path("txId").asLong(),
                source.path("lsn").asLong(),
                value.path("after").isObject() ? value.get("after") : null,
                value.path("transaction").path("total_order").asLong());
    }
}
