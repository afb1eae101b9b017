/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static io.levada.broker.TestBroker.get;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Without its note of producer ids the broker starts and gives out none that anybody may have. */
@Timeout(300)
class LostProducerIdsTest {
    @TempDir
    Path dir;

    @Test
    void noIdIsGivenOutAgainWhateverTheFileHolds() throws IOException {
        Set<Long> given = new HashSet<>();
        try (TestBroker broker = start()) {
            broker.createTopic("orders", 1);
            broker.produce("orders", 0, List.of("a"));
            given.add(taken(broker)); // of which no log tells
            try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "t");
                    Admin admin = broker.admin()) {
                producer.initTransactions();
                given.add(get(admin.describeTransactions(List.of("t")).description("t"))
                        .producerId());
                TopicPartition orders = new TopicPartition("orders", 0);
                get(admin.describeProducers(List.of(orders)).partitionResult(orders)).activeProducers().stream()
                        .map(ProducerState::producerId)
                        .forEach(given::add);
            }
        }
        assertThat(given).hasSize(3);
        for (byte[] content : List.of(new byte[0], new byte[] {'1'}, new byte[] {'x', 0, -1})) {
            Files.write(dir.resolve("producer-ids"), content);
            ListAppender<ILoggingEvent> log = new ListAppender<>();
            Logger logger = (Logger) LoggerFactory.getLogger(TakenProducerIds.class);
            log.start();
            logger.addAppender(log);
            try (TestBroker broker = start()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(given.add(taken(broker))).isTrue();
                }
            } finally {
                logger.detachAppender(log);
            }
            assertThat(log.list).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getKeyValuePairs().toString()).contains("producer-ids");
            });
        }
    }

    @Test
    void aFileThatIsGoneIsMissed() throws IOException {
        long first;
        try (TestBroker broker = start()) {
            broker.createTopic("orders", 1);
            broker.produce("orders", 0, List.of("a"));
            first = taken(broker);
        }
        Files.delete(dir.resolve("producer-ids"));
        try (TestBroker broker = start()) {
            assertThat(taken(broker)).isGreaterThan(first + 1000);
        }
    }

    /** A producer that its partitions have forgotten may come back. */
    @Test
    void aFileThatIsGoneIsMissedThoughNoLogTellsOfAProducer() throws Exception {
        try (TestBroker broker = start()) {
            broker.createTopic("orders", 1);
            try (KafkaProducer<String, String> producer = broker.producer("enable.idempotence", "false")) {
                producer.send(new ProducerRecord<>("orders", "a")).get(60, TimeUnit.SECONDS);
            }
            assertThat(taken(broker)).isZero();
        }
        Files.delete(dir.resolve("producer-ids"));
        long first;
        try (TestBroker broker = start()) {
            first = taken(broker);
            assertThat(first).isGreaterThan(1 << 30);
        }
        try (TestBroker broker = start()) {
            assertThat(taken(broker)).as("once is enough").isBetween(first + 1, first + 2000);
        }
    }

    @Test
    void aNewDirectoryBeginsAtZeroAndSaysNothing() throws IOException {
        try (TestBroker broker = start()) {
            assertThat(taken(broker)).isZero();
        }
        try (TestBroker broker = start()) {
            assertThat(taken(broker)).isEqualTo(1000);
        }
    }

    private TestBroker start() {
        return TestBroker.in(dir, "broker.transaction.state.log.num.partitions", "1");
    }

    private static long taken(TestBroker broker) throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            return ((InitProducerIdResponse) client.ask(
                            ApiKeys.INIT_PRODUCER_ID,
                            (short) 4,
                            new InitProducerIdRequestData().setTransactionalId(null)))
                    .data()
                    .producerId();
        }
    }
}
