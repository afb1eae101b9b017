/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.takeover;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/**
 * The records of Kafka's metadata log that say something of topics or producer ids, brought into a {@link MetadataState}. A record's value is
 * <pre>
 *   unsigned varint  frame version, 0 or 1
 *   unsigned varint  kind of record
 *   unsigned varint  version of that kind
 *   ...              its fields in the flexible encoding of Kafka's protocol
 * </pre>
 * Fields are read up to the last one that counts; what later versions add comes after it. Kinds that are not known here say nothing of either.
 *
 * <p>What stands between the begin and the end of a controller's transaction (KIP-868) counts once it has ended.
 */
final class MetadataRecords {
    private static final int TOPIC = 2;
    private static final int PARTITION = 3;
    private static final int CONFIG = 4;
    private static final int REMOVE_TOPIC = 9;
    private static final int PRODUCER_IDS = 15;
    private static final int BEGIN_TRANSACTION = 23;
    private static final int END_TRANSACTION = 24;
    private static final int ABORT_TRANSACTION = 25;

    private static final byte TOPIC_RESOURCE = 2;
    private static final byte BROKER_RESOURCE = 4;
    private static final int FRAME_VERSION_MAX = 1;

    private final MetadataState state;
    private @Nullable List<Consumer<MetadataState>> open;

    MetadataRecords(MetadataState state) {
        this.state = state;
    }

    /** Brings in one record; throws a runtime exception of any kind when it is not what its kind should be. */
    void accept(ByteBuffer value) {
        ByteBufferAccessor in = new ByteBufferAccessor(value);
        int frame = in.readUnsignedVarint();
        if (frame > FRAME_VERSION_MAX) {
            throw new IllegalArgumentException("frame version " + frame + " of a metadata record is not known");
        }
        int kind = in.readUnsignedVarint();
        in.readUnsignedVarint(); // its version: no version so far has changed a field that is read here
        switch (kind) {
            case TOPIC -> topic(in);
            case PARTITION -> partition(in);
            case CONFIG -> config(in);
            case REMOVE_TOPIC -> {
                Uuid id = in.readUuid();
                apply(to -> to.removeTopic(id));
            }
            case PRODUCER_IDS -> producerIds(in);
            case BEGIN_TRANSACTION -> open = new ArrayList<>();
            case END_TRANSACTION -> end();
            case ABORT_TRANSACTION -> open = null;
            default -> {
                // It says nothing that is of use here.
            }
        }
    }

    private void apply(Consumer<MetadataState> change) {
        if (open != null) {
            open.add(change);
        } else {
            change.accept(state);
        }
    }

    private void end() {
        if (open != null) {
            open.forEach(change -> change.accept(state));
            open = null;
        }
    }

    private void topic(ByteBufferAccessor in) {
        String name = string(in);
        Uuid id = in.readUuid();
        apply(to -> to.topic(name, id));
    }

    private void partition(ByteBufferAccessor in) {
        int partition = in.readInt();
        Uuid topic = in.readUuid();
        int count = in.readUnsignedVarint() - 1;
        List<Integer> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replicas.add(in.readInt());
        }
        apply(to -> to.partition(topic, partition, List.copyOf(replicas)));
    }

    /** A block of producer ids was given to a broker. */
    private void producerIds(ByteBufferAccessor in) {
        in.readInt(); // which broker
        in.readLong(); // in which of its lives
        long next = in.readLong();
        apply(to -> to.nextProducerId(next));
    }

    private void config(ByteBufferAccessor in) {
        byte resource = in.readByte();
        String of = string(in);
        String key = string(in);
        int length = in.readUnsignedVarint() - 1;
        String value = length < 0 ? null : in.readString(length);
        if (resource == TOPIC_RESOURCE) {
            apply(to -> set(to, of, key, value));
        } else if (resource == BROKER_RESOURCE) {
            apply(to -> setBroker(to, of, key, value));
        }
    }

    private static void set(MetadataState to, String topic, String key, @Nullable String value) {
        if (value == null) {
            to.removeTopicConfig(topic, key);
        } else {
            to.topicConfig(topic, key, value);
        }
    }

    private static void setBroker(MetadataState to, String broker, String key, @Nullable String value) {
        if (value == null) {
            to.removeBrokerConfig(broker, key);
        } else {
            to.brokerConfig(broker, key, value);
        }
    }

    private static String string(ByteBufferAccessor in) {
        int length = in.readUnsignedVarint() - 1;
        if (length < 0) {
            throw new IllegalArgumentException("a metadata record lacks a name");
        }
        return in.readString(length);
    }
}
