/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import io.levada.it.testkit.TopicReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL, and a log that the crash left torn. */
final class CrashIT {

    @TempDir
    private Path folder;

    @Test
    void acknowledgedRecordsSurviveSigkill() throws Exception {
        try (RunningWorker worker = LevadaProcess.worker(folder, Map.of())) {
            List<String> acknowledged = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                acknowledged.addAll(produce(worker.bootstrap(), round + "-", 500));
                worker.killAndStartAgain();
            }

            assertThat(TopicReader.values(worker.bootstrap(), "events", acknowledged.size()))
                    .isEqualTo(acknowledged);
        }
    }

    @Test
    void tornTailIsCutAndSaidAndTheRestIsServed() throws Exception {
        try (RunningWorker worker = LevadaProcess.worker(folder, Map.of())) {
            List<String> acknowledged = produce(worker.bootstrap(), "", 100);
            worker.process().kill();
            append(segment("events-0"), new byte[] {0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 4, 0, 7});

            worker.process().startAgain();

            assertThat(TopicReader.values(worker.bootstrap(), "events", 100)).isEqualTo(acknowledged);
            assertThat(worker.process().output()).contains("events-0").contains("13");
            assertThat(produce(worker.bootstrap(), "after-", 10)).hasSize(10);
            assertThat(TopicReader.values(worker.bootstrap(), "events", 110)).hasSize(110);
        }
    }

    private static List<String> produce(String bootstrap, String prefix, int count) throws Exception {
        List<String> values = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ProducerConfig.ACKS_CONFIG, "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                values.add(prefix + i);
                sent.add(producer.send(new ProducerRecord<>("events", prefix + i)));
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        }
        return values;
    }

    private Path segment(String partition) throws Exception {
        try (Stream<Path> paths = Files.walk(folder.resolve("data"))) {
            return paths.filter(p -> p.toString().endsWith(partition + "/00000000000000000000.log"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void append(Path file, byte[] bytes) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap(bytes));
        }
    }
}
