/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.util.Collections;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The source partition {@code {"filename": name}} and the source offset {@code {"position": byte}} of Apache's connector.
 * The position is that of the first byte not yet read. (Apache's counts characters, so the two differ from the first
 * character on that takes more than one byte.) Beside it the offset says which file it is of, so that it is found again after
 * a rotation; without that, as in Apache's offsets, it is the one that has the name.
 */
final class FileOffset {
    private static final String FILENAME = "filename";
    private static final String POSITION = "position";
    private static final String FILE = "file";

    /** Where there is no way back, as in standard input. */
    static final Map<String, ?> NONE = Collections.singletonMap(POSITION, null);

    private FileOffset() {}

    static Map<String, String> partition(@Nullable String file) {
        return Collections.singletonMap(FILENAME, file);
    }

    /**
     * @param file which file has the byte; null where the file system cannot tell
     */
    static Map<String, ?> offset(long position, @Nullable FileIdentity file) {
        return file == null ? Map.of(POSITION, position) : Map.of(POSITION, position, FILE, file.toString());
    }

    /** The file in a stored offset; null if it names none, as Apache's. */
    static @Nullable FileIdentity identity(@Nullable Map<String, ?> stored) {
        return stored != null && stored.get(FILE) instanceof String text ? FileIdentity.parse(text) : null;
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
