/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.utils.internals.AbstractIterator;

/** Some bytes of a log file, of which the last batch may be cut. Holds neither memory nor a descriptor; {@link #batches} reads them whole. */
public final class LogSlice extends AbstractRecords {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final LogFile file;
    private final int start;
    private final int bytes;

    /** A channel that sends from files by itself. */
    public interface Sender {
        /** Takes over to send {@code count} bytes of the file. */
        void send(LogFile file, long position, long count);
    }

    LogSlice(LogFile file, int start, int bytes) {
        this.file = file;
        this.start = start;
        this.bytes = bytes;
    }

    @Override
    public int sizeInBytes() {
        return bytes;
    }

    @Override
    public int writeTo(TransferableChannel channel, int offset, int length) throws IOException {
        if (channel instanceof Sender sender) {
            sender.send(file, (long) start + offset, length);
            return length;
        }
        return channel.write(read(offset, Math.min(length, CHUNK_BYTES)));
    }

    @Override
    public Iterable<MutableRecordBatch> batches() {
        return inMemory().batches();
    }

    @Override
    public AbstractIterator<MutableRecordBatch> batchIterator() {
        return inMemory().batchIterator();
    }

    @Override
    public Records slice(int position, int size) {
        return new LogSlice(file, start + position, Math.min(size, bytes - position));
    }

    private MemoryRecords inMemory() {
        try {
            return MemoryRecords.readableRecords(read(0, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + bytes + " bytes at " + start + " of " + file, e);
        }
    }

    private ByteBuffer read(int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, (long) start + offset + buffer.position()) < 0) {
                throw new EOFException(file + " ends before byte " + (start + offset + length));
            }
        }
        return buffer.flip();
    }
}
