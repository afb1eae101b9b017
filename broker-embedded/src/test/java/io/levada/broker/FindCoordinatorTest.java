/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.coordinator.ShardRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A coordinator whose topic cannot be made is one that clients ask for again, and an operator hears of it once. */
@Timeout(600)
class FindCoordinatorTest {
    @TempDir
    Path dir;

    private final Logger logger = (Logger) LoggerFactory.getLogger(ShardRuntime.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void endListening() {
        logger.detachAppender(log);
    }

    @Test
    void thereIsNoneWhereAllPartitionsAreUsedUp() throws IOException {
        try (TestBroker broker = TestBroker.in(dir, "broker.max.partitions", "1");
                RawClient client = new RawClient(broker.port())) {
            broker.createTopic("orders", 1);
            isMissed(client, CoordinatorType.GROUP, "broker.max.partitions");
            isMissed(client, CoordinatorType.TRANSACTION, "broker.max.partitions");
        }
        assertThat(told()).isEqualTo(2);
    }

    @Test
    void thereIsNoneWhileTheDiskTakesNoTopic() throws IOException {
        try (TestBroker broker = TestBroker.in(dir);
                RawClient client = new RawClient(broker.port())) {
            // What cannot be replaced stands where the topic's file would be.
            Path obstacle = Files.createDirectory(dir.resolve("__consumer_offsets.topic"));
            Path inTheWay = Files.createFile(obstacle.resolve("file"));
            isMissed(client, CoordinatorType.GROUP, "__consumer_offsets");
            assertThat(told()).isEqualTo(1);
            Files.delete(inTheWay);
            Files.delete(obstacle);
            Coordinator found = ask(client, CoordinatorType.GROUP);
            assertThat(Errors.forCode(found.errorCode())).isEqualTo(Errors.NONE);
            assertThat(found.port()).isEqualTo(broker.port());
        }
    }

    private static void isMissed(RawClient client, CoordinatorType type, String reason) throws IOException {
        Coordinator missed = ask(client, type);
        assertThat(Errors.forCode(missed.errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(missed.errorMessage()).contains(reason);
        assertThat(missed.nodeId()).isEqualTo(-1);
        FindCoordinatorResponse single = (FindCoordinatorResponse) client.ask(
                ApiKeys.FIND_COORDINATOR,
                (short) 3,
                new FindCoordinatorRequestData().setKeyType(type.id()).setKey("k"));
        assertThat(single.error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(single.data().errorMessage()).contains(reason);
    }

    private static Coordinator ask(RawClient client, CoordinatorType type) throws IOException {
        FindCoordinatorResponse answer = (FindCoordinatorResponse) client.ask(
                ApiKeys.FIND_COORDINATOR,
                (short) 6,
                new FindCoordinatorRequestData().setKeyType(type.id()).setCoordinatorKeys(List.of("k")));
        return answer.coordinators().get(0);
    }

    private long told() {
        return log.list.stream()
                .filter(event -> event.getMessage().startsWith("a coordinator cannot make its topic"))
                .count();
    }
}
