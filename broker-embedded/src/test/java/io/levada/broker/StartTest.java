/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(600)
class StartTest {
    @TempDir
    Path dir;

    @Test
    void occupiedPortIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + other.getLocalPort();
            assertThatThrownBy(() -> TestBroker.in(dir, "broker.listeners", "PLAINTEXT://" + address))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("broker.listeners");
        }
        TestBroker.in(dir).close();
    }

    @Test
    void dataDirThatIsAFileIsNamed() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        assertThatThrownBy(() -> TestBroker.in(file))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aFailureWithoutAMessageIsNamedByItsKind() {
        assertThat(BrokerStartException.because(new IllegalStateException()))
                .hasMessage("the broker cannot start: java.lang.IllegalStateException");
        assertThat(BrokerStartException.because(new UncheckedIOException("cannot read x", new IOException("why"))))
                .hasMessage("the broker cannot start: cannot read x (java.io.IOException: why)");
    }

    @Test
    void dataDirInUseIsNamed() {
        try (TestBroker first = TestBroker.in(dir)) {
            assertThat(first.port()).isPositive();
            assertThatThrownBy(() -> TestBroker.in(dir))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(dir.toString());
        }
    }

    @Test
    void aDamagedFileOfATopicKeepsNobodyFromStarting() throws IOException {
        Files.writeString(dir.resolve("orders.topic"), "partitions=none");
        try (TestBroker broker = TestBroker.in(dir)) {
            assertThat(dir.resolve("orders.topic.damaged")).exists();
            broker.createTopic("orders", 1);
        }
    }

    @Test
    void severalListenersServe() {
        try (TestBroker broker = TestBroker.in(dir, "broker.listeners", "INSIDE://127.0.0.1:0,OUTSIDE://127.0.0.1:0")) {
            assertThat(broker.address().split(",")).hasSize(2).doesNotHaveDuplicates();
            broker.createTopic("orders", 1);
        }
    }

    @Test
    void whatWasAcknowledgedBeforeACloseUnderLoadIsThereAfterwards() {
        List<String> acknowledged = new ArrayList<>();
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 1);
            try (KafkaProducer<String, String> producer =
                    broker.producer("delivery.timeout.ms", "3000", "request.timeout.ms", "1000", "linger.ms", "0")) {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 2000; i++) {
                    sent.add(producer.send(new ProducerRecord<>("orders", 0, null, "order " + i)));
                }
                TestBroker.get(sent.get(0));
                broker.broker().close();
                for (int i = 0; i < sent.size(); i++) {
                    if (succeeded(sent.get(i))) {
                        acknowledged.add("order " + i);
                    }
                }
            }
        }
        try (TestBroker broker = TestBroker.in(dir)) {
            assertThat(acknowledged).isNotEmpty();
            assertThat(broker.read("orders", 0, acknowledged.size())).containsAll(acknowledged);
        }
    }

    @Test
    void theLogSaysWhereItReallyListensAndWhatClientsAreTold() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(EmbeddedBroker.class);
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        try (TestBroker broker = TestBroker.in(
                dir,
                "broker.listeners",
                "PLAINTEXT://0.0.0.0:0",
                "broker.insecure",
                "true",
                "broker.advertised.listeners",
                "PLAINTEXT://localhost:0")) {
            broker.createTopic("orders", 1);
            assertThat(log.list)
                    .filteredOn(event -> event.getMessage().equals("broker started"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getKeyValuePairs())
                            .map(pair -> pair.key + "=" + pair.value)
                            .contains("listeners=0.0.0.0:" + broker.port(), "advertised=localhost:" + broker.port()));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    private static boolean succeeded(Future<RecordMetadata> sent) {
        try {
            sent.get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
