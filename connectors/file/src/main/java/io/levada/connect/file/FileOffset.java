/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.util.Collections;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The source partition {@code {"filename": name}} and the source offset {@code {"position": byte}} of Apache's connector.
 * The position is that of the first byte not yet read. (Apache's counts characters, so the two differ from the first
 * character on that takes more than one byte.)
 */
final class FileOffset {
    private static final String FILENAME = "filename";
    private static final String POSITION = "position";

    private FileOffset() {}

    static Map<String, String> partition(@Nullable String file) {
        return Collections.singletonMap(FILENAME, file);
    }

    static Map<String, Long> offset(@Nullable Long position) {
        return Collections.singletonMap(POSITION, position);
    }

    /** The position in a stored offset; 0 if there is none. */
    static long position(String file, @Nullable Map<String, ?> stored) {
        Object position = stored == null ? null : stored.get(POSITION);
        if (position == null) {
            return 0;
        }
        if (position instanceof Long bytes && bytes >= 0) {
            return bytes;
        }
        throw new ConnectException("The stored offset of file " + file + " has " + POSITION + "=" + position
                + ", which is no byte position: reset the connector's offsets");
    }

    /** Checks an offset that a user wants to set (KIP-875). Null removes one, and may remove any. */
    static void checkAlteration(@Nullable Map<String, ?> partition, @Nullable Map<String, ?> offset) {
        if (offset == null) {
            return;
        }
        if (partition == null || !partition.containsKey(FILENAME)) {
            throw new ConnectException("Source partition " + partition + " must have the key '" + FILENAME + "'");
        }
        Object position = offset.get(POSITION);
        if (!(position instanceof Long bytes) || bytes < 0) {
            throw new ConnectException("Source offset " + offset + " of " + partition + " must have the key '"
                    + POSITION + "' with a whole number of bytes, at least 0");
        }
    }
}
