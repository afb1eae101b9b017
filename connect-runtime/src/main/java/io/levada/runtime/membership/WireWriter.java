/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.assign.Share;
import io.levada.runtime.connector.ConnectorName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the types of Kafka's protocol that workers tell each other in. Made for one message. */
final class WireWriter {
    /** Stands for the connector itself among its tasks. */
    static final int CONNECTOR = -1;

    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(buffer);

    /** Kafka Connect tells of the record that comes next. */
    static long nextOffset(long lastOffset) {
        return lastOffset < 0 ? -1 : lastOffset + 1;
    }

    void int16(short value) {
        write(() -> out.writeShort(value));
    }

    void int32(int value) {
        write(() -> out.writeInt(value));
    }

    void int64(long value) {
        write(() -> out.writeLong(value));
    }

    void string(String value) {
        byte[] text = value.getBytes(UTF_8);
        if (text.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("too long to be told in a group: " + value);
        }
        write(() -> {
            out.writeShort(text.length);
            out.write(text);
        });
    }

    void bytes(@Nullable ByteBuffer value) {
        byte[] bytes = new byte[value == null ? 0 : value.remaining()];
        if (value != null) {
            value.duplicate().get(bytes);
        }
        write(() -> {
            out.writeInt(value == null ? -1 : bytes.length);
            out.write(bytes);
        });
    }

    void share(Share share) {
        SortedMap<ConnectorName, List<Integer>> byConnector = new TreeMap<>();
        share.connectors()
                .forEach(name -> byConnector
                        .computeIfAbsent(name, first -> new ArrayList<>())
                        .add(CONNECTOR));
        share.tasks()
                .forEach(id -> byConnector
                        .computeIfAbsent(id.connector(), first -> new ArrayList<>())
                        .add(id.task()));
        int32(byConnector.size());
        byConnector.forEach((name, tasks) -> {
            string(name.value());
            int32(tasks.size());
            tasks.forEach(this::int32);
        });
    }

    ByteBuffer written() {
        return ByteBuffer.wrap(buffer.toByteArray());
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void write(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Memory does not fail.
        }
    }
}
