/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.api.ApiTable;
import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Caller;
import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Throttle;
import io.levada.broker.log.Batches;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.simulation.SimulatedThreads;
import io.levada.broker.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** What a DeleteRecords costs, on a disk that counts. */
class DeleteRecordsTest {
    private static final int PARTITIONS = 20;
    /** As what it is written before it takes the place of the last. */
    private static final String DRAFT = "/" + OffsetCheckpoint.LOG_START + ".tmp";

    private int writes;

    @Test
    void aRequestForManyPartitionsIsOneWriteOfTheirStarts() throws Exception {
        SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(7), this::counted);
        Path data = disk.path("/data");
        try (LogDirectory logs = LogDirectory.open(
                data,
                partition -> LogConfig.defaults(),
                LogOptions.of(FlushPolicy.OS),
                InstantSource.system(),
                SimulatedThreads.inline())) {
            Topics topics = new Topics(logs, data, new TopicDefaults(1, 100, Map.of()), Runnable::run);
            topics.create(new NewTopic("orders", PARTITIONS, Map.of()), false).join();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                topics.require(new TopicPartition("orders", partition)).append(Batches.of("a", "b"));
            }
            writes = 0;
            DeleteRecordsResponse answer = new DeleteRecordsHandler(topics, partition -> Runnable::run, Runnable::run)
                    .handle(deleteTheFirstOfEach(), anyone())
                    .join();
            assertThat(answer.errorCounts()).containsOnlyKeys(Errors.NONE);
            assertThat(writes).isEqualTo(1);
            assertThat(startsOnDisk(data))
                    .hasSize(PARTITIONS)
                    .allSatisfy((partition, start) -> assertThat(start).isEqualTo(1));
        }
    }

    private boolean counted(String forced) {
        if (forced.endsWith(DRAFT)) {
            writes++;
        }
        return false;
    }

    private static Map<TopicPartition, Long> startsOnDisk(Path data) throws IOException {
        return new OffsetCheckpoint(data, OffsetCheckpoint.LOG_START).read().orElseThrow();
    }

    private static DeleteRecordsRequest deleteTheFirstOfEach() {
        DeleteRecordsTopic topic = new DeleteRecordsTopic()
                .setName("orders")
                .setPartitions(IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(1))
                        .toList());
        DeleteRecordsRequestData data = new DeleteRecordsRequestData().setTimeoutMs(60_000);
        data.topics().add(topic);
        return new DeleteRecordsRequest.Builder(data).build(ApiKeys.DELETE_RECORDS.latestVersion());
    }

    private static Caller anyone() {
        ListenerName listener = new ListenerName("INSIDE");
        InetAddress address = InetAddress.getLoopbackAddress();
        RequestHeader header =
                new RequestHeader(ApiKeys.DELETE_RECORDS, ApiKeys.DELETE_RECORDS.latestVersion(), "test", 1);
        return new Caller(
                new Dispatcher(ApiTable.builder().build(), Authorizer.ALLOW_ALL, Throttle.NONE).open(address, listener),
                new RequestContext(
                        header,
                        "1",
                        address,
                        KafkaPrincipal.ANONYMOUS,
                        listener,
                        SecurityProtocol.PLAINTEXT,
                        ClientInformation.EMPTY,
                        false));
    }
}
