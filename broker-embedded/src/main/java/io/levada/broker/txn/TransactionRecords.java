/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.coordinator.LoggedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records of {@code __transaction_state} in Kafka's own layout: the key is a type (0) and the transactional id, the value starts with its version,
 * and there is no value where the id has expired. Written as version 1, read as 0 and 1.
 *
 * <p>One tagged field is ours, with a number far from Kafka's, which passes over it: the epoch before the last bump. Kafka keeps that in memory alone,
 * and fences a producer that repeats its request for a bump after a restart.
 */
final class TransactionRecords {
    private static final short KEY_TYPE = 0;
    private static final short VALUE_VERSION = 1;
    private static final int TAG_PREVIOUS_ID = 0;
    private static final int TAG_NEXT_ID = 1;
    private static final int TAG_CLIENT_VERSION = 2;
    private static final int TAG_LAST_EPOCH = 1000;
    private static final String TAGS = "_tagged_fields";
    private static final Schema KEY = new Schema(new Field("transactional_id", Type.STRING));
    private static final Schema[] VALUES = {valueSchema(0), valueSchema(1)};

    private TransactionRecords() {}

    /** What a record says. */
    interface Reader {
        /** A transactional id is now as given, or, if null, expired. */
        void transaction(String transactionalId, @Nullable Transaction transaction);
    }

    static SimpleRecord of(String transactionalId, Transaction transaction) {
        Struct value = new Struct(VALUES[VALUE_VERSION])
                .set("producer_id", transaction.producer().id())
                .set("producer_epoch", transaction.producer().epoch())
                .set("transaction_timeout_ms", transaction.timeoutMs())
                .set("transaction_status", transaction.state().id())
                .set("last_update_timestamp_ms", transaction.updateMs())
                .set("start_timestamp_ms", transaction.startMs())
                .set(TAGS, tags(transaction));
        value.set(
                "partitions",
                transaction.state() == TransactionState.EMPTY ? null : partitions(value, transaction.partitions()));
        return new SimpleRecord(transaction.updateMs(), key(transactionalId), bytes(VALUE_VERSION, value));
    }

    static SimpleRecord expired(String transactionalId, long nowMs) {
        return new SimpleRecord(nowMs, key(transactionalId), (ByteBuffer) null);
    }

    /**
     * Reads a record back; types that are not Kafka's of today are left alone.
     *
     * @throws RuntimeException of any kind if the record is not in Kafka's layout
     */
    static void read(LoggedRecord record, Reader reader) {
        ByteBuffer key = record.key();
        if (key == null) {
            throw new IllegalStateException("a record without a key");
        }
        if (key.getShort() == KEY_TYPE) {
            ByteBuffer value = record.value();
            reader.transaction(KEY.read(key).getString("transactional_id"), value == null ? null : read(value));
        }
    }

    private static Transaction read(ByteBuffer value) {
        short version = value.getShort();
        if (version < 0 || version >= VALUES.length) {
            throw new IllegalStateException("a value of version " + version
                    + ", written by a newer broker; versions up to " + (VALUES.length - 1) + " are known");
        }
        Struct fields = VALUES[version].read(value);
        byte status = (Byte) fields.get("transaction_status");
        TransactionState state =
                TransactionState.ofId(status).orElseThrow(() -> new IllegalStateException("unknown state " + status));
        Map<Integer, Object> tags = version >= 1 ? readTags(fields) : Map.of();
        return new Transaction(
                state,
                new Producer(fields.getLong("producer_id"), fields.getShort("producer_epoch")),
                (Short) tags.getOrDefault(TAG_LAST_EPOCH, RecordBatch.NO_PRODUCER_EPOCH),
                (Long) tags.getOrDefault(TAG_PREVIOUS_ID, RecordBatch.NO_PRODUCER_ID),
                (Long) tags.getOrDefault(TAG_NEXT_ID, RecordBatch.NO_PRODUCER_ID),
                fields.getInt("transaction_timeout_ms"),
                state == TransactionState.EMPTY ? Set.of() : partitions(fields.getArray("partitions")),
                fields.getLong("start_timestamp_ms"),
                fields.getLong("last_update_timestamp_ms"),
                (Short) tags.getOrDefault(TAG_CLIENT_VERSION, Transaction.VERSION_0));
    }

    @SuppressWarnings("unchecked")
    private static NavigableMap<Integer, Object> readTags(Struct fields) {
        return (NavigableMap<Integer, Object>) fields.get(TAGS);
    }

    /** A field with its default value is not written, as in Kafka. */
    private static NavigableMap<Integer, Object> tags(Transaction transaction) {
        NavigableMap<Integer, Object> tags = new TreeMap<>();
        if (transaction.previousProducerId() != RecordBatch.NO_PRODUCER_ID) {
            tags.put(TAG_PREVIOUS_ID, transaction.previousProducerId());
        }
        if (transaction.nextProducerId() != RecordBatch.NO_PRODUCER_ID) {
            tags.put(TAG_NEXT_ID, transaction.nextProducerId());
        }
        if (transaction.version() != Transaction.VERSION_0) {
            tags.put(TAG_CLIENT_VERSION, transaction.version());
        }
        if (transaction.lastEpoch() != RecordBatch.NO_PRODUCER_EPOCH) {
            tags.put(TAG_LAST_EPOCH, transaction.lastEpoch());
        }
        return tags;
    }

    private static Object[] partitions(Struct value, Set<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new LinkedHashMap<>();
        partitions.forEach(partition -> byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(partition.partition()));
        return byTopic.entrySet().stream()
                .map(topic -> value.instance("partitions")
                        .set("topic", topic.getKey())
                        .set("partition_ids", topic.getValue().toArray())
                        .set(TAGS, new TreeMap<>()))
                .toArray();
    }

    private static Set<TopicPartition> partitions(Object @Nullable [] topics) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        for (Object topic : topics == null ? new Object[0] : topics) {
            Struct fields = (Struct) topic;
            for (Object partition : fields.getArray("partition_ids")) {
                partitions.add(new TopicPartition(fields.getString("topic"), (Integer) partition));
            }
        }
        return partitions;
    }

    private static Schema valueSchema(int version) {
        boolean flexible = version >= 1;
        List<Field> topic = new ArrayList<>();
        topic.add(new Field("topic", flexible ? Type.COMPACT_STRING : Type.STRING));
        topic.add(new Field("partition_ids", flexible ? new CompactArrayOf(Type.INT32) : new ArrayOf(Type.INT32)));
        List<Field> value = new ArrayList<>(List.of(
                new Field("producer_id", Type.INT64),
                new Field("producer_epoch", Type.INT16),
                new Field("transaction_timeout_ms", Type.INT32),
                new Field("transaction_status", Type.INT8)));
        if (flexible) {
            topic.add(Field.TaggedFieldsSection.of());
        }
        Schema topics = new Schema(topic.toArray(Field[]::new));
        value.add(new Field("partitions", flexible ? CompactArrayOf.nullable(topics) : ArrayOf.nullable(topics)));
        value.add(new Field("last_update_timestamp_ms", Type.INT64));
        value.add(new Field("start_timestamp_ms", Type.INT64));
        if (flexible) {
            value.add(Field.TaggedFieldsSection.of(
                    TAG_PREVIOUS_ID,
                    new Field("previous_producer_id", Type.INT64),
                    TAG_NEXT_ID,
                    new Field("next_producer_id", Type.INT64),
                    TAG_CLIENT_VERSION,
                    new Field("client_transaction_version", Type.INT16),
                    TAG_LAST_EPOCH,
                    new Field("last_producer_epoch", Type.INT16)));
        }
        return new Schema(value.toArray(Field[]::new));
    }

    private static ByteBuffer key(String transactionalId) {
        return bytes(KEY_TYPE, new Struct(KEY).set("transactional_id", transactionalId));
    }

    private static ByteBuffer bytes(short version, Struct fields) {
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES + fields.sizeOf());
        buffer.putShort(version);
        fields.writeTo(buffer);
        return buffer.flip();
    }
}
