/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes into lines that end in LF, CR LF or CR, and knows at which byte the next line starts. A line without its
 * end is kept until the end comes; so is a CR, until it is known whether an LF follows.
 */
final class LineSplitter {
    private static final int ROOM_BYTES = 8 * 1024;

    private final Charset charset;
    private final int lineBytesMax;
    private byte[] bytes = new byte[2 * ROOM_BYTES];
    private int start;
    private int scanned;
    private int end;
    private long position;

    /** Where bytes come from; 0 or less means none for now. */
    interface Input {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    LineSplitter(Charset charset, int lineBytesMax, long position) {
        this.charset = charset;
        this.lineBytesMax = lineBytesMax;
        this.position = position;
    }

    /** The byte at which the line after the last one given starts. */
    long position() {
        return position;
    }

    /**
     * Takes in more bytes.
     *
     * @return whether there were any
     * @throws DataException if the unfinished line has grown past the limit
     */
    boolean fill(Input input) throws IOException {
        if (end - start > lineBytesMax) {
            throw new DataException("The line at byte " + position + " is longer than line.max.bytes=" + lineBytesMax
                    + "; raise the limit, or skip the line by setting the connector's offset behind it");
        }
        makeRoom();
        int read = input.read(bytes, end, bytes.length - end);
        end += Math.max(0, read);
        return read > 0;
    }

    /** The next whole line without its end, or null if there is none yet. */
    @Nullable
    String next() {
        for (; scanned < end; scanned++) {
            byte at = bytes[scanned];
            if (at == '\n') {
                return take(scanned, scanned + 1);
            }
            if (at == '\r') {
                if (scanned + 1 == end) {
                    return null;
                }
                return take(scanned, bytes[scanned + 1] == '\n' ? scanned + 2 : scanned + 1);
            }
        }
        return null;
    }

    /** What is there of a line whose end will never come, or null if nothing is. */
    @Nullable
    String rest() {
        if (start == end) {
            return null;
        }
        return take(bytes[end - 1] == '\r' ? end - 1 : end, end);
    }

    private String take(int lineEnd, int next) {
        String line = new String(bytes, start, lineEnd - start, charset);
        position += next - start;
        start = next;
        scanned = next;
        return line;
    }

    private void makeRoom() {
        if (bytes.length - end >= ROOM_BYTES) {
            return;
        }
        int kept = end - start;
        byte[] target = kept + ROOM_BYTES <= bytes.length ? bytes : Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, start, target, 0, kept);
        bytes = target;
        scanned -= start;
        start = 0;
        end = kept;
    }
}
