/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What tells a file from another that has, or had, its name: what the file system calls it, and how it begins, since file
 * systems give the number of a deleted file to the next one.
 *
 * @param key device and number of the file, as Java writes them
 * @param headBytes how many bytes from the start the checksum is of, at most {@value #HEAD_BYTES_MAX}
 * @param headCrc CRC32C of them
 */
record FileIdentity(String key, int headBytes, long headCrc) {
    static final int HEAD_BYTES_MAX = 256;
    private static final Pattern TEXT = Pattern.compile("(.*):(\\d{1,3}):([0-9a-f]{1,8})");

    /** The identity of an open file of which {@code readBytes} were read; null where the file system has no such thing. */
    static @Nullable FileIdentity of(@Nullable String key, FileChannel channel, long readBytes) throws IOException {
        int bytes = (int) Math.min(HEAD_BYTES_MAX, readBytes);
        return key == null ? null : new FileIdentity(key, bytes, crc(channel, bytes));
    }

    /** Reads {@link #toString()}; null if it is none. */
    static @Nullable FileIdentity parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? new FileIdentity(parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3), 16))
                : null;
    }

    /** Whether an open file is the one, which may have grown. */
    boolean is(@Nullable String otherKey, FileChannel other) throws IOException {
        return key.equals(otherKey) && beginsAlike(other);
    }

    boolean beginsAlike(FileChannel other) throws IOException {
        return other.size() >= headBytes && crc(other, headBytes) == headCrc;
    }

    @Override
    public String toString() {
        return key + ":" + headBytes + ":" + Long.toHexString(headCrc);
    }

    private static long crc(FileChannel channel, int bytes) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(bytes);
        while (head.hasRemaining() && channel.read(head, head.position()) >= 0) {}
        CRC32C crc = new CRC32C();
        crc.update(head.flip());
        return crc.getValue();
    }
}
