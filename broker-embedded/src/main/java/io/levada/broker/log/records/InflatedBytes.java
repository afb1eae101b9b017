/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.kafka.common.InvalidRecordException;

/** Records as they come out of a decoder. None is ever held whole: a few bytes on the wire may unpack to gigabytes. */
final class InflatedBytes implements RecordBytes {
    private static final int VARINT_BYTES_MAX = 5;
    private static final int VARLONG_BYTES_MAX = 10;
    private static final int SEVEN_BITS = 0x7f;
    private static final int MORE_FOLLOWS = 0x80;

    private final InputStream in;
    private final int recordBytesMax;
    private long position;

    /**
     * Those of a stream.
     *
     * @param recordBytesMax the largest record that is decompressed
     */
    InflatedBytes(InputStream in, int recordBytesMax) {
        this.in = in;
        this.recordBytesMax = recordBytesMax;
    }

    @Override
    public int readVarint() {
        int raw = (int) readUnsigned(VARINT_BYTES_MAX);
        return (raw >>> 1) ^ -(raw & 1);
    }

    @Override
    public long readVarlong() {
        long raw = readUnsigned(VARLONG_BYTES_MAX);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readUnsigned(int bytesMax) {
        long value = 0;
        for (int i = 0; i < bytesMax; i++) {
            int next = read();
            value |= (long) (next & SEVEN_BITS) << (7 * i);
            if ((next & MORE_FOLLOWS) == 0) {
                return value;
            }
        }
        throw new InvalidRecordException("a number of more than " + bytesMax + " bytes at " + position);
    }

    private int read() {
        try {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the batch ends in a record, after " + position + " bytes");
            }
            position++;
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void skip(int count) {
        long left = count;
        while (left > 0) {
            long skipped = skipSome(left);
            if (skipped <= 0) {
                // A stream may skip nothing without being at its end; a read tells.
                read();
                left--;
            } else {
                position += skipped;
                left -= skipped;
            }
        }
    }

    private long skipSome(long count) {
        try {
            return in.skip(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public boolean mayHold(int size) {
        return size <= recordBytesMax;
    }

    @Override
    public boolean ends() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
