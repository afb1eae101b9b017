/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.assign.Share;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link WireWriter} writes, as other workers wrote it: what is missing at the end of it is nothing, as newer versions may leave
 * it out. All methods fail with an {@link IllegalArgumentException} for what makes no sense.
 */
final class WireReader {
    private final ByteBuffer in;

    WireReader(ByteBuffer in) {
        this.in = in.duplicate();
    }

    /** Newer ones than are known here add to the end of what is. */
    short version() {
        short version = int16();
        if (version < 0) {
            throw new IllegalArgumentException("A member of the group speaks version " + version);
        }
        return version;
    }

    short int16() {
        return read(in::getShort);
    }

    /** 0 if it is missing. */
    int int32() {
        return in.hasRemaining() ? read(in::getInt) : 0;
    }

    String string() {
        return UTF_8.decode(slice(int16())).toString();
    }

    long lastOffset() {
        long next = read(in::getLong);
        return next <= 0 ? -1 : next - 1;
    }

    @Nullable
    ByteBuffer bytes() {
        if (!in.hasRemaining()) {
            return null;
        }
        int length = read(in::getInt);
        return length < 0 ? null : slice(length);
    }

    Share share() {
        SortedSet<ConnectorName> connectors = new TreeSet<>();
        SortedSet<TaskId> tasks = new TreeSet<>();
        int count = int32();
        for (int i = 0; i < count; i++) {
            ConnectorName name = new ConnectorName(string());
            int numbers = int32();
            for (int j = 0; j < numbers; j++) {
                int task = read(in::getInt);
                if (task == WireWriter.CONNECTOR) {
                    connectors.add(name);
                } else {
                    tasks.add(name.task(task));
                }
            }
        }
        return new Share(connectors, tasks);
    }

    private ByteBuffer slice(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("A member of the group told what has no end: " + length + " bytes of "
                    + in.remaining() + " that are left");
        }
        ByteBuffer slice = in.slice().limit(length);
        in.position(in.position() + length);
        return slice;
    }

    private static <T> T read(Supplier<T> value) {
        try {
            return value.get();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("A member of the group told less than its version has", e);
        }
    }
}
