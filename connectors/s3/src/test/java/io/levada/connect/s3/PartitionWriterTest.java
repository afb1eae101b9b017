/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever gets lost between here and the store, the objects are those of a run in which nothing was lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionWriterTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final String WIDE = "x".repeat(3 << 20);
    private static final int RECORDS = 14;

    private final S3Server server = S3Server.started();

    @BeforeEach
    void emptyBucket() {
        server.empty();
    }

    @AfterAll
    void stopServer() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void lostRequestsAndAnswersChangeNothing(long seed) {
        deliver(0, new UnreliableClient(server.client(), seed, 0.2));
        assertThat(server.names()).hasSize(8);
        Map<String, String> objects = server.objects();
        server.empty();
        deliver(0, new UnreliableClient(server.client(), seed, 0));
        assertThat(server.objects().equals(objects)).as("same objects").isTrue();
    }

    /** Does what a worker does: the same batch again after a retriable failure, the last commit after a fatal one. */
    private void deliver(long from, UnreliableClient client) {
        S3SinkConfig config = S3SinkConfig.from(server.config(Map.of(
                "s3.part.size", "5242880", "partitioner.class", "FieldPartitioner", "partition.field.name", "side")));
        ObjectStore store = new ObjectStore(client.client(), config.store(), "application/x-ndjson");
        PartitionWriter writer = new PartitionWriter(PARTITION, config, store);
        long position = from;
        while (position < RECORDS || writer.commit(position).orElse(0) < RECORDS - RECORDS % 3) {
            List<SinkRecord> batch = records(position, Math.min(RECORDS, position + 4));
            try {
                writer.settle();
                batch.stream().filter(each -> !writer.knows(each)).forEach(each -> writer.append(each, 0));
                writer.endOfBatch();
                position += batch.size();
            } catch (RetriableException e) {
                assertThat(e).hasMessageContaining("lost");
            } catch (ConnectException e) {
                deliver(writer.commit(position).orElse(from), client);
                return;
            }
        }
    }

    private static List<SinkRecord> records(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(id -> new SinkRecord(
                        PARTITION.topic(),
                        PARTITION.partition(),
                        null,
                        null,
                        null,
                        Map.of("side", id % 3 == 0 ? "left" : "right", "wide", WIDE, "id", id),
                        id))
                .toList();
    }
}
