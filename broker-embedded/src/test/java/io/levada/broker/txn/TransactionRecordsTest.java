/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.coordinator.LoggedRecord;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Our records against the classes of Apache Kafka's own transaction coordinator, which are loaded apart from everything else. */
class TransactionRecordsTest {
    private static final Transaction FULL = new Transaction(
            TransactionState.PREPARE_COMMIT,
            new Producer(4711, (short) 12),
            (short) -1,
            4710,
            4712,
            60_000,
            new LinkedHashSet<>(List.of(
                    new TopicPartition("orders", 3), new TopicPartition("orders", 1), new TopicPartition("other", 0))),
            1_700_000_000_000L,
            1_700_000_000_123L,
            Transaction.VERSION_2);

    @Property(tries = 300)
    void everyTransactionIsReadBack(@ForAll("transactions") Transaction transaction) {
        assertThat(read(TransactionRecords.of("id", transaction))).isEqualTo(Map.of("id", Optional.of(transaction)));
    }

    @Test
    void expiredIdsAreReadBack() {
        assertThat(read(TransactionRecords.expired("gone", 5))).isEqualTo(Map.of("gone", Optional.empty()));
    }

    @Test
    void kafkaReadsWhatWeWrite() throws Exception {
        try (URLClassLoader kafka = kafka()) {
            Object value = kafkaValue(kafka, TransactionRecords.of("id", FULL).value());
            assertThat(value.toString().replace("nextProducerEpoch=-1, ", ""))
                    .isEqualTo("TransactionLogValue(producerId=4711, previousProducerId=4710, nextProducerId=4712, "
                            + "producerEpoch=12, transactionTimeoutMs=60000, transactionStatus=2, "
                            + "transactionPartitions=[PartitionsSchema(topic='orders', partitionIds=[3, 1]), "
                            + "PartitionsSchema(topic='other', partitionIds=[0])], "
                            + "transactionLastUpdateTimestampMs=1700000000123, "
                            + "transactionStartTimestampMs=1700000000000, clientTransactionVersion=2)");
        }
    }

    @Test
    void ourBytesAreKafkas() throws Exception {
        try (URLClassLoader kafka = kafka()) {
            SimpleRecord ours = TransactionRecords.of("id", FULL);
            assertThat(Utils.toArray(ours.value()))
                    .isEqualTo(kafkaBytes(kafka, kafkaValue(kafka, ours.value()), (short) 1));
            Object key = kafka.loadClass(GENERATED + "TransactionLogKey")
                    .getConstructor()
                    .newInstance();
            key.getClass().getMethod("setTransactionalId", String.class).invoke(key, "id");
            assertThat(Utils.toArray(ours.key())).isEqualTo(kafkaBytes(kafka, key, (short) 0));
        }
    }

    @Test
    void kafkaPassesOverWhatIsOnlyOurs() throws Exception {
        Transaction bumped = FULL.completed(9).handedTo(new Producer(4712, (short) 1), true, 10, 10);
        assertThat(bumped.lastEpoch()).isEqualTo((short) 0);
        try (URLClassLoader kafka = kafka()) {
            Object value = kafkaValue(kafka, TransactionRecords.of("id", bumped).value());
            assertThat(value.toString()).contains("producerId=4712", "producerEpoch=1", "transactionPartitions=null");
        }
    }

    @Test
    void kafkasOlderVersionIsRead() throws Exception {
        try (URLClassLoader kafka = kafka()) {
            Object value = kafkaValue(kafka, TransactionRecords.of("id", FULL).value());
            for (String setter : List.of("setPreviousProducerId", "setNextProducerId")) {
                value.getClass().getMethod(setter, long.class).invoke(value, -1L);
            }
            value.getClass()
                    .getMethod("setClientTransactionVersion", short.class)
                    .invoke(value, (short) 0);
            byte[] old = kafkaBytes(kafka, value, (short) 0);
            SimpleRecord record = new SimpleRecord(
                    0, Utils.toArray(TransactionRecords.of("id", FULL).key()), old);
            Transaction read = Objects.requireNonNull(read(record).get("id")).orElseThrow();
            assertThat(read.producer()).isEqualTo(FULL.producer());
            assertThat(read.partitions()).isEqualTo(FULL.partitions());
            assertThat(read.state()).isEqualTo(FULL.state());
            assertThat(read.version()).isEqualTo(Transaction.VERSION_0);
        }
    }

    @Test
    void whatIsYetToComeIsNotGuessedAt() {
        SimpleRecord record = TransactionRecords.of("id", FULL);
        byte[] newer = Utils.toArray(record.value());
        newer[1] = 2;
        assertThatThrownBy(() -> read(new SimpleRecord(0, Utils.toArray(record.key()), newer)))
                .hasMessageContaining("version 2");
        byte[] cut = new byte[newer.length / 2];
        System.arraycopy(Utils.toArray(record.value()), 0, cut, 0, cut.length);
        assertThatThrownBy(() -> read(new SimpleRecord(0, Utils.toArray(record.key()), cut)))
                .isInstanceOf(RuntimeException.class);
        assertThat(read(new SimpleRecord(0, new byte[] {0, 9, 1}, new byte[] {1})))
                .isEmpty();
    }

    @Provide
    Arbitrary<Transaction> transactions() {
        Arbitrary<TopicPartition> partition = Combinators.combine(
                        Arbitraries.of("a", "b.c", "x".repeat(249)),
                        Arbitraries.integers().between(0, 300))
                .as(TopicPartition::new);
        Arbitrary<Producer> producer = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.shorts().greaterOrEqual((short) 0))
                .as(Producer::new);
        Arbitrary<TransactionState> state = Arbitraries.of(TransactionState.values());
        Arbitrary<Set<TopicPartition>> partitions = partition.set().ofMaxSize(20);
        return Combinators.combine(
                        state, producer, Arbitraries.shorts(), Arbitraries.longs(), Arbitraries.longs(), partitions)
                .as((at, by, last, previous, next, where) -> new Transaction(
                        at,
                        by,
                        last,
                        previous,
                        next,
                        17,
                        at == TransactionState.EMPTY ? Set.of() : where,
                        -1,
                        1_700_000_000_000L,
                        Transaction.VERSION_2));
    }

    private static final String GENERATED = "org.apache.kafka.coordinator.transaction.generated.";

    private static Map<String, Optional<Transaction>> read(SimpleRecord record) {
        Map<String, Optional<Transaction>> read = new HashMap<>();
        TransactionRecords.read(
                new LoggedRecord(0, 0, record.timestamp(), record.key(), record.value(), -1, (short) -1),
                (id, transaction) -> read.put(id, Optional.ofNullable(transaction)));
        return read;
    }

    private static Object kafkaValue(URLClassLoader kafka, @Nullable ByteBuffer bytes) throws Exception {
        ByteBuffer copy = ByteBuffer.wrap(Utils.toNullableArray(bytes));
        short version = copy.getShort();
        Class<?> accessor = kafka.loadClass("org.apache.kafka.common.protocol.ByteBufferAccessor");
        Class<?> readable = kafka.loadClass("org.apache.kafka.common.protocol.Readable");
        Object value = kafka.loadClass(GENERATED + "TransactionLogValue")
                .getConstructor(readable, short.class)
                .newInstance(accessor.getConstructor(ByteBuffer.class).newInstance(copy), version);
        assertThat(copy.hasRemaining()).isFalse();
        return value;
    }

    private static byte[] kafkaBytes(URLClassLoader kafka, Object message, short version) throws Exception {
        Class<?> type = kafka.loadClass("org.apache.kafka.common.protocol.Message");
        Method write = kafka.loadClass("org.apache.kafka.common.protocol.MessageUtil")
                .getMethod("toVersionPrefixedBytes", short.class, type);
        return (byte[]) write.invoke(null, version, message);
    }

    private static URLClassLoader kafka() throws Exception {
        Path libs = Path.of("..", "test-peers", "target", "kafka", "libs");
        try (Stream<Path> jars = Files.list(libs)) {
            URL[] urls = jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .map(TransactionRecordsTest::url)
                    .toArray(URL[]::new);
            return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
