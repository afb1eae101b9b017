/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;

/** Takes what would go to a socket, slices of files included. */
final class SentBytes implements TransferableChannel {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The whole frame without its leading size. */
    ByteBuffer all(Send send) throws IOException {
        while (!send.completed()) {
            send.writeTo(this);
        }
        return ByteBuffer.wrap(bytes.toByteArray()).position(Integer.BYTES).slice();
    }

    @Override
    public int write(ByteBuffer source) {
        byte[] part = new byte[source.remaining()];
        source.get(part);
        bytes.write(part, 0, part.length);
        return part.length;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(sources[i]);
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources) {
        return write(sources, 0, sources.length);
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(Math.toIntExact(count));
        int read = file.read(part, position);
        if (read <= 0) {
            throw new IOException("the file ends before the answer does");
        }
        return write(part.flip());
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
    public void close() {}
}
