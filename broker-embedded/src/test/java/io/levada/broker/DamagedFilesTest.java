/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.directory.FolderRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is in one small file of a data directory, after a clean stop or a crash: the broker starts and serves all that the file has nothing to do with,
 * or names the file and a way out. No acknowledged record is gone from the disk.
 *
 * <p>With {@code -Dlevada.damages=all} a file is cut at every length and every number in it is replaced; otherwise some are.
 */
@Timeout(3600)
class DamagedFilesTest {
    private static final boolean ALL = "all".equals(System.getProperty("levada.damages"));
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);
    private static final TopicPartition REFUNDS = new TopicPartition("payments", 1);
    /** The first record of this one was deleted. */
    private static final TopicPartition SHORTENED = new TopicPartition("shortened", 0);

    private static final List<TopicPartition> PARTITIONS = List.of(ORDERS, PAYMENTS, REFUNDS, SHORTENED);
    private static final int COUNT = 4;
    private static final List<String> NUMBERS = ALL
            ? List.of("", "0", "1", "-1", "100000", "2147483647", "9223372036854775807", "99999999999999999999")
            : List.of("-1", "2147483647", "9223372036854775807");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final String MARKER = ".kafka_cleanshutdown";

    @TempDir
    static Path dir;

    private static Path whole;

    @BeforeAll
    static void aDirectoryWithAllKindsOfFiles() {
        whole = dir.resolve("whole");
        try (TestBroker broker = start(whole);
                Admin admin = broker.admin()) {
            broker.createTopic("orders", 1);
            broker.createTopic("payments", 2);
            broker.createTopic("shortened", 1);
            PARTITIONS.forEach(each -> broker.produce(each.topic(), each.partition(), values(each, 0)));
            TestBroker.get(admin.deleteRecords(Map.of(SHORTENED, RecordsToDelete.beforeOffset(1)))
                    .all());
            ConfigResource group = new ConfigResource(ConfigResource.Type.BROKER, "1");
            TestBroker.get(admin.incrementalAlterConfigs(Map.of(
                            group,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("log.retention.ms", "864000000"), AlterConfigOp.OpType.SET))))
                    .all());
            try (KafkaConsumer<String, String> consumer = broker.consumer("group.id", "g")) {
                consumer.commitSync(Map.of(ORDERS, new OffsetAndMetadata(2)));
            }
            try (KafkaProducer<String, String> producer = broker.producer("transactional.id", "t")) {
                producer.initTransactions();
                producer.beginTransaction();
                TestBroker.get(producer.send(new ProducerRecord<>(ORDERS.topic(), 0, null, "in a transaction")));
                producer.commitTransaction();
            }
        }
    }

    private static TestBroker start(Path data) {
        return TestBroker.in(
                data, "broker.offsets.topic.num.partitions", "1", "broker.transaction.state.log.num.partitions", "1");
    }

    private static List<String> values(TopicPartition partition, int from) {
        return IntStream.range(from, COUNT)
                .mapToObj(i -> "value " + i + " of " + partition)
                .toList();
    }

    private static List<String> acknowledged(TopicPartition partition) {
        return values(partition, partition.equals(SHORTENED) ? 1 : 0);
    }

    /** Of the partitions one that knows of a transaction. */
    static List<String> smallFiles() throws IOException {
        try (Stream<Path> all = Files.walk(whole)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> whole.relativize(file).toString())
                    .filter(name -> !name.endsWith(".log") && !name.equals(MARKER) && !name.equals(".lock"))
                    .filter(name -> ALL || !name.contains("/") || name.startsWith(ORDERS + "/"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("smallFiles")
    void damageInASmallFileTakesNoRecordAndNoOtherTopic(String name) throws IOException {
        int number = 0;
        for (Map.Entry<String, byte[]> damage :
                damages(Files.readAllBytes(whole.resolve(name))).entrySet()) {
            boolean crashed = number % 2 == 1;
            tryOut(name, damage, number++, crashed);
            if (ALL) {
                tryOut(name, damage, number++, !crashed);
            }
        }
    }

    private static void tryOut(String name, Map.Entry<String, byte[]> damage, int number, boolean crashed)
            throws IOException {
        Path data = dir.resolve(name.replace('/', '_') + "." + number);
        copy(data);
        Files.write(data.resolve(name), damage.getValue());
        if (crashed) {
            Files.delete(data.resolve(MARKER));
        }
        String what = name + ", " + damage.getKey() + (crashed ? ", after a crash" : ", after a clean stop");
        boolean starts = true;
        for (int start = 0; start < 2 && starts; start++) {
            starts = starts(data, name, what);
            everyRecordIsThere(data, what);
        }
        FolderRemoval.remove(data);
    }

    private static boolean starts(Path data, String name, String what) throws IOException {
        try (TestBroker broker = start(data);
                RawClient client = new RawClient(broker.port())) {
            boolean isOfNoTopic = !name.contains("/") && !name.contains(".topic");
            for (TopicPartition partition : PARTITIONS) {
                // What a checkpoint says of a partition may keep that one offline.
                boolean mayStandInTheWay =
                        isOfNoTopic ? name.endsWith("-checkpoint") : name.startsWith(partition.topic());
                if (!mayStandInTheWay) {
                    assertThat(read(client, partition)).as(what).containsAll(acknowledged(partition));
                }
            }
            return true;
        } catch (BrokerStartException e) {
            assertThat(e.getMessage())
                    .as(what)
                    .contains(data.resolve(name).toString())
                    .containsIgnoringCase("re"); // restore, repair, remove, read
            return false;
        }
    }

    private static List<String> read(RawClient client, TopicPartition partition) throws IOException {
        FetchRequestData fetch = new FetchRequestData().setMaxBytes(1_000_000).setMinBytes(0);
        fetch.topics()
                .add(new FetchTopic()
                        .setTopic(partition.topic())
                        .setPartitions(List.of(new FetchPartition()
                                .setPartition(partition.partition())
                                .setFetchOffset(partition.equals(SHORTENED) ? 1 : 0)
                                .setPartitionMaxBytes(1_000_000))));
        FetchResponse answer = (FetchResponse) client.ask(ApiKeys.FETCH, (short) 12, fetch);
        List<String> values = new ArrayList<>();
        FetchResponse.recordsOrFail(
                        answer.data().responses().get(0).partitions().get(0))
                .records()
                .forEach(record -> values.add(ISO_8859_1.decode(record.value()).toString()));
        return values;
    }

    private static void everyRecordIsThere(Path data, String what) throws IOException {
        StringBuilder kept = new StringBuilder();
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile)
                    .filter(each -> !each.toString().endsWith(".deleted"))
                    .toList()) {
                kept.append(Files.readString(file, ISO_8859_1));
            }
        }
        for (TopicPartition partition : PARTITIONS) {
            assertThat(kept).as(what).contains(acknowledged(partition));
        }
    }

    private static void copy(Path to) throws IOException {
        try (Stream<Path> all = Files.walk(whole)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(whole.relativize(file).toString()));
            }
        }
    }

    private static Map<String, byte[]> damages(byte[] right) {
        Map<String, byte[]> damages = new LinkedHashMap<>();
        int step = ALL ? 1 : Math.max(1, right.length / 4);
        for (int length = 0; length < right.length; length += step) {
            damages.put("cut to " + length, Arrays.copyOf(right, length));
        }
        if (right.length > 1) {
            damages.put("cut by one", Arrays.copyOf(right, right.length - 1));
            damages.put("cut by two", Arrays.copyOf(right, right.length - 2));
        }
        byte[] noise = new byte[200];
        new Random(1).nextBytes(noise);
        damages.put("noise", noise);
        damages.put("zeros", new byte[right.length]);
        byte[] ones = new byte[right.length + 1];
        Arrays.fill(ones, (byte) -1);
        damages.put("ones", ones);
        damages.putAll(numbersReplaced(right));
        return damages;
    }

    private static Map<String, byte[]> numbersReplaced(byte[] right) {
        Map<String, byte[]> damages = new LinkedHashMap<>();
        String text = new String(right, ISO_8859_1);
        if (text.chars().anyMatch(c -> c >= 0x7f || (c < ' ' && c != '\n'))) {
            return damages;
        }
        for (MatchResult number : NUMBER.matcher(text).results().toList()) {
            for (String other : NUMBERS) {
                String changed = text.substring(0, number.start()) + other + text.substring(number.end());
                damages.put("'" + changed.replace('\n', '|') + "'", changed.getBytes(ISO_8859_1));
            }
        }
        return damages;
    }
}
