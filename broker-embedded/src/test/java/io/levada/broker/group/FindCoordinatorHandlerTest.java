/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.BrokerConfig;
import io.levada.broker.api.Authorizer;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.coordinator.ManualThread;
import io.levada.broker.coordinator.NeverMadeTopic;
import io.levada.broker.fetch.Callers;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import io.levada.broker.txn.Marker;
import io.levada.broker.txn.MarkerWriter;
import io.levada.broker.txn.OffsetsLog;
import io.levada.broker.txn.ProducerIds;
import io.levada.broker.txn.TransactionCoordinator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients are asked to come again for what may mend itself, and for nothing else. */
class FindCoordinatorHandlerTest {
    @TempDir
    Path dir;

    @Test
    void aTopicThatTheDiskRefusesMayBeMadeLater() {
        assertThat(asked(new KafkaStorageException("the disk is full"))
                        .join()
                        .data()
                        .coordinators())
                .singleElement()
                .satisfies(coordinator -> {
                    assertThat(Errors.forCode(coordinator.errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
                    assertThat(coordinator.errorMessage()).contains("the disk is full");
                });
    }

    @Test
    void aMistakeOfOursFailsTheRequestAsAnyOtherDoes() {
        IllegalStateException mistake = new IllegalStateException("a mistake");
        assertThatThrownBy(() -> asked(mistake).join()).hasCause(mistake);
    }

    private CompletableFuture<FindCoordinatorResponse> asked(RuntimeException failure) {
        ManualThread thread = new ManualThread();
        Cluster cluster = new Cluster("cluster");
        cluster.advertise(new ListenerName("INSIDE"), new Node(1, "localhost", 9092));
        BrokerConfig config = BrokerConfig.from(Map.of());
        try (LogDirectory logs = LogDirectory.open(dir, LogConfig.defaults(), LogOptions.of(FlushPolicy.OS), thread)) {
            Topics topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
            GroupCoordinator groups =
                    new GroupCoordinator(new NeverMadeTopic(failure), name -> true, config.groups(), thread, thread);
            MarkerWriter markers = new MarkerWriter(topics, partition -> Runnable::run, new NoOffsets());
            TransactionCoordinator transactions = new TransactionCoordinator(
                    topics, config.transactions(), new ProducerIds(dir), markers, thread, thread);
            FindCoordinatorRequestData group =
                    new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of("g"));
            return new FindCoordinatorHandler(cluster, groups, transactions)
                    .handle(
                            new FindCoordinatorRequest.Builder(group).build((short) 6),
                            Callers.allowedBy(Authorizer.ALLOW_ALL));
        }
    }

    private record NoOffsets() implements OffsetsLog {
        @Override
        public CompletableFuture<TopicPartition> partitionOf(String groupId) {
            return CompletableFuture.failedFuture(new IllegalStateException("no groups here"));
        }

        @Override
        public CompletableFuture<Void> end(TopicPartition partition, Marker marker) {
            return CompletableFuture.failedFuture(new IllegalStateException("no groups here"));
        }
    }
}
