/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.log.files.LogSlice;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;

/**
 * Takes a response apart into what Netty writes: memory, wrapped and not copied, and slices of log files. It poses as the channel that Kafka's own
 * serialisation writes to, so that the layout of a response stays Kafka's business.
 */
final class ResponseParts implements TransferableChannel, LogSlice.Sender {
    private final List<Object> parts = new ArrayList<>();
    private long bytes;
    private long memoryBytes;

    static ResponseParts of(Send response) {
        ResponseParts parts = new ResponseParts();
        try {
            while (!response.completed()) {
                response.writeTo(parts);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a response could not be laid out", e);
        }
        return parts;
    }

    /** In order: {@code ByteBuf}s and {@link FileSlice}s. */
    List<Object> parts() {
        return parts;
    }

    /** The size of the whole frame. */
    long bytes() {
        return bytes;
    }

    /** How much of it is in memory; the rest is in files. */
    long memoryBytes() {
        return memoryBytes;
    }

    @Override
    public int write(ByteBuffer source) {
        int size = source.remaining();
        if (size > 0) {
            parts.add(Unpooled.wrappedBuffer(source.slice()));
            source.position(source.limit());
            bytes += size;
            memoryBytes += size;
        }
        return size;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            written += write(sources[i]);
        }
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources) {
        return write(sources, 0, sources.length);
    }

    @Override
    public void send(LogSlice slice) {
        if (slice.sizeInBytes() > 0) {
            parts.add(new FileSlice(slice));
            bytes += slice.sizeInBytes();
        }
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) {
        throw new IllegalStateException("records of an answer come from the log, whose files are not open for ever");
    }

    @Override
    public boolean hasPendingWrites() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // There is nothing behind it to close.
    }
}
