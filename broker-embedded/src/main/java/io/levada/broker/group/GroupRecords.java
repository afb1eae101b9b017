/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.LoggedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The records of {@code __consumer_offsets} in Kafka's own layout, so that Kafka and lag monitors read them: a key that starts with its type (0 and 1: a
 * committed offset, 2: a group), a value that starts with its version, no value where the thing is gone. Written as version 3, read up to version 4.
 */
final class GroupRecords {
    private static final short OLD_OFFSET_KEY = 0;
    private static final short OFFSET_KEY = 1;
    private static final short GROUP_KEY = 2;
    private static final short VALUE_VERSION = 3;
    /** The only one that holds an expiry, and none that does not: such offsets are written in it. */
    private static final short VALUE_VERSION_WITH_EXPIRY = 1;

    private static final Schema OFFSET_KEY_FIELDS = new Schema(
            new Field("group", Type.STRING), new Field("topic", Type.STRING), new Field("partition", Type.INT32));
    private static final Schema GROUP_KEY_FIELDS = new Schema(new Field("group", Type.STRING));
    private static final Field OFFSET = new Field("offset", Type.INT64);
    private static final Field EPOCH = new Field("leader_epoch", Type.INT32, "", RecordBatch.NO_PARTITION_LEADER_EPOCH);
    private static final Field NOTE = new Field("metadata", Type.STRING);
    private static final Field TIME = new Field("commit_timestamp", Type.INT64);
    private static final Field EXPIRY = new Field("expire_timestamp", Type.INT64);
    private static final Field COMPACT_NOTE = new Field("metadata", Type.COMPACT_STRING);
    // Index is version. Fields after the last named one, such as the tagged fields of version 4, are left unread.
    private static final Schema[] OFFSET_VALUES = {
        new Schema(OFFSET, NOTE, TIME),
        new Schema(OFFSET, NOTE, TIME, EXPIRY),
        new Schema(OFFSET, NOTE, TIME),
        new Schema(OFFSET, EPOCH, NOTE, TIME),
        new Schema(OFFSET, EPOCH, COMPACT_NOTE, TIME)
    };
    private static final Schema[] GROUP_VALUES = {
        groupSchema(0), groupSchema(1), groupSchema(2), groupSchema(3), groupSchema(4)
    };

    private GroupRecords() {}

    /** What a record says, given to whom it concerns. */
    interface Replay {
        /** An offset was committed, by {@code record}'s transaction if it is part of one, or, if null, removed. */
        void offset(LoggedRecord record, String group, TopicPartition partition, @Nullable CommittedOffset offset);

        /** A group is now as given, or, if null, gone. */
        void group(String group, @Nullable StoredGroup stored);
    }

    static SimpleRecord offset(String group, TopicPartition partition, CommittedOffset committed) {
        boolean expires = committed.expiryMs() != CommittedOffset.NO_EXPIRY;
        short version = expires ? VALUE_VERSION_WITH_EXPIRY : VALUE_VERSION;
        Struct value = new Struct(OFFSET_VALUES[version])
                .set("offset", committed.offset())
                .set("metadata", committed.metadata())
                .set("commit_timestamp", committed.commitTimeMs());
        if (expires) {
            value.set("expire_timestamp", committed.expiryMs());
        } else {
            value.set("leader_epoch", committed.leaderEpoch());
        }
        return record(committed.commitTimeMs(), offsetKey(group, partition), bytes(version, value));
    }

    static SimpleRecord offsetRemoved(String group, TopicPartition partition, long nowMs) {
        return record(nowMs, offsetKey(group, partition), null);
    }

    static SimpleRecord group(String group, StoredGroup stored) {
        Schema schema = GROUP_VALUES[VALUE_VERSION];
        Struct value = new Struct(schema)
                .set("protocol_type", stored.protocolType())
                .set("generation", stored.generation())
                .set("protocol", stored.protocol())
                .set("leader", stored.leader())
                .set("current_state_timestamp", stored.stateSinceMs());
        List<Struct> members = new ArrayList<>();
        stored.members().forEach(member -> members.add(memberStruct(value.instance("members"), member)));
        value.set("members", members.toArray());
        return record(stored.stateSinceMs(), groupKey(group), bytes(VALUE_VERSION, value));
    }

    static SimpleRecord groupRemoved(String group, long nowMs) {
        return record(nowMs, groupKey(group), null);
    }

    /**
     * Reads a record back.
     *
     * @throws RuntimeException of any kind if the record is not in Kafka's layout, or of a type that is not ours (of newer group protocols, say)
     */
    static void replay(LoggedRecord record, Replay replay) {
        ByteBuffer key = record.key();
        if (key == null) {
            throw new IllegalStateException("a record without a key");
        }
        ByteBuffer value = record.value();
        short type = key.getShort();
        switch (type) {
            case OLD_OFFSET_KEY, OFFSET_KEY -> {
                Struct fields = OFFSET_KEY_FIELDS.read(key);
                TopicPartition partition = new TopicPartition(fields.getString("topic"), fields.getInt("partition"));
                replay.offset(record, fields.getString("group"), partition, value == null ? null : readOffset(value));
            }
            case GROUP_KEY ->
                replay.group(GROUP_KEY_FIELDS.read(key).getString("group"), value == null ? null : readGroup(value));
            default -> throw new IllegalStateException("records with keys of type " + type + " are not known here");
        }
    }

    private static CommittedOffset readOffset(ByteBuffer value) {
        Struct fields = schema(OFFSET_VALUES, value.getShort()).read(value);
        int epoch =
                fields.hasField("leader_epoch") ? fields.getInt("leader_epoch") : RecordBatch.NO_PARTITION_LEADER_EPOCH;
        return new CommittedOffset(
                fields.getLong("offset"),
                epoch,
                fields.getString("metadata"),
                fields.getLong("commit_timestamp"),
                fields.hasField("expire_timestamp") ? fields.getLong("expire_timestamp") : CommittedOffset.NO_EXPIRY);
    }

    private static StoredGroup readGroup(ByteBuffer value) {
        Struct fields = schema(GROUP_VALUES, value.getShort()).read(value);
        List<StoredGroup.StoredMember> members = new ArrayList<>();
        for (Object member : fields.getArray("members")) {
            members.add(readMember((Struct) member));
        }
        return new StoredGroup(
                fields.getString("protocol_type"),
                fields.getInt("generation"),
                fields.getString("protocol"),
                fields.getString("leader"),
                fields.hasField("current_state_timestamp") ? fields.getLong("current_state_timestamp") : -1,
                members);
    }

    private static StoredGroup.StoredMember readMember(Struct member) {
        int sessionMs = member.getInt("session_timeout");
        return new StoredGroup.StoredMember(
                member.getString("member_id"),
                member.hasField("group_instance_id") ? member.getString("group_instance_id") : null,
                member.getString("client_id"),
                member.getString("client_host"),
                member.hasField("rebalance_timeout") ? member.getInt("rebalance_timeout") : sessionMs,
                sessionMs,
                Utils.toArray(member.getBytes("subscription")),
                Utils.toArray(member.getBytes("assignment")));
    }

    private static Struct memberStruct(Struct empty, StoredGroup.StoredMember member) {
        return empty.set("member_id", member.memberId())
                .set("group_instance_id", member.instanceId())
                .set("client_id", member.clientId())
                .set("client_host", member.clientHost())
                .set("rebalance_timeout", member.rebalanceTimeoutMs())
                .set("session_timeout", member.sessionTimeoutMs())
                .set("subscription", ByteBuffer.wrap(member.subscription()))
                .set("assignment", ByteBuffer.wrap(member.assignment()));
    }

    private static Schema schema(Schema[] versions, short version) {
        if (version < 0 || version >= versions.length) {
            throw new IllegalStateException("__consumer_offsets holds a value of version " + version
                    + ", written by a newer broker; versions up to " + (versions.length - 1) + " are known");
        }
        return versions[version];
    }

    private static Schema groupSchema(int version) {
        boolean compact = version >= 4;
        Type text = compact ? Type.COMPACT_STRING : Type.STRING;
        Type optionalText = compact ? Type.COMPACT_NULLABLE_STRING : Type.NULLABLE_STRING;
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("protocol_type", text));
        fields.add(new Field("generation", Type.INT32));
        fields.add(new Field("protocol", optionalText));
        fields.add(new Field("leader", optionalText));
        if (version >= 2) {
            fields.add(new Field("current_state_timestamp", Type.INT64));
        }
        Schema member = memberSchema(version, text, optionalText, compact ? Type.COMPACT_BYTES : Type.BYTES);
        fields.add(new Field("members", compact ? new CompactArrayOf(member) : new ArrayOf(member)));
        return new Schema(fields.toArray(Field[]::new));
    }

    private static Schema memberSchema(int version, Type text, Type optionalText, Type bytes) {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("member_id", text));
        if (version >= 3) {
            fields.add(new Field("group_instance_id", optionalText));
        }
        fields.add(new Field("client_id", text));
        fields.add(new Field("client_host", text));
        if (version >= 1) {
            fields.add(new Field("rebalance_timeout", Type.INT32));
        }
        fields.add(new Field("session_timeout", Type.INT32));
        fields.add(new Field("subscription", bytes));
        fields.add(new Field("assignment", bytes));
        if (version >= 4) {
            fields.add(Field.TaggedFieldsSection.of());
        }
        return new Schema(fields.toArray(Field[]::new));
    }

    private static ByteBuffer offsetKey(String group, TopicPartition partition) {
        return bytes(
                OFFSET_KEY,
                new Struct(OFFSET_KEY_FIELDS)
                        .set("group", group)
                        .set("topic", partition.topic())
                        .set("partition", partition.partition()));
    }

    private static ByteBuffer groupKey(String group) {
        return bytes(GROUP_KEY, new Struct(GROUP_KEY_FIELDS).set("group", group));
    }

    private static ByteBuffer bytes(short version, Struct fields) {
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES + fields.sizeOf());
        buffer.putShort(version);
        fields.writeTo(buffer);
        return buffer.flip();
    }

    private static SimpleRecord record(long timeMs, ByteBuffer key, @Nullable ByteBuffer value) {
        return new SimpleRecord(timeMs, key, value);
    }
}
