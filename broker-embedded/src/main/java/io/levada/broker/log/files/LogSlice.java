/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
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
        /** Takes over to send all of a slice. */
        void send(LogSlice slice);
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
            sender.send(part(offset, length));
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
        return part(position, size);
    }

    private LogSlice part(int position, int size) {
        return new LogSlice(file, start + position, Math.min(size, bytes - position));
    }

    /** As {@link java.nio.channels.FileChannel#transferTo}, from a place in the slice to its end at most. */
    public long transferTo(long position, WritableByteChannel target) throws IOException {
        return file.transferTo(start + position, bytes - position, target);
    }

    /** As {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}, from a place in the slice. */
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, start + position);
    }

    /** Whether the file has become too short for it. */
    public boolean isCut() throws IOException {
        return file.bytesOnDisk() < (long) start + bytes;
    }

    @Override
    public String toString() {
        return bytes + " bytes at " + start + " of " + file;
    }

    private MemoryRecords inMemory() {
        try {
            return MemoryRecords.readableRecords(read(0, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + this, e);
        }
    }

    private ByteBuffer read(int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (read(buffer, (long) offset + buffer.position()) < 0) {
                throw new EOFException(file + " ends before byte " + (start + offset + length));
            }
        }
        return buffer.flip();
    }
}
