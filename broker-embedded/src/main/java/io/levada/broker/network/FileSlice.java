/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.log.files.LogSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes that travel from a file to a socket inside the kernel. The file belongs to the log, is shared by all readers, and open only while some of it
 * is being sent.
 */
final class FileSlice extends AbstractReferenceCounted implements FileRegion {
    private final LogSlice slice;
    private long sent;

    FileSlice(LogSlice slice) {
        this.slice = slice;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public long transferred() {
        return sent;
    }

    @Override
    @Deprecated
    public long transfered() {
        return sent;
    }

    @Override
    public long count() {
        return slice.sizeInBytes();
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        long moved = slice.transferTo(position, target);
        if (moved == 0 && slice.isCut()) {
            throw truncated();
        }
        sent += moved;
        return moved;
    }

    /** The next bytes, at most {@code bytesMax}, for a socket that the kernel cannot copy to by itself. Blocks on the disk. */
    ByteBuf read(int bytesMax) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(bytesMax, count() - sent));
        while (chunk.hasRemaining()) {
            if (slice.read(chunk, sent + chunk.position()) < 0) {
                throw truncated();
            }
        }
        sent += chunk.capacity();
        return Unpooled.wrappedBuffer(chunk.flip());
    }

    private IOException truncated() {
        return new IOException("the log was truncated while " + slice + " was on its way to a client");
    }

    @Override
    public FileRegion retain() {
        super.retain();
        return this;
    }

    @Override
    public FileRegion retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public FileRegion touch() {
        return this;
    }

    @Override
    public FileRegion touch(Object hint) {
        return this;
    }

    @Override
    protected void deallocate() {
        // Nothing of our own: the log owns the file.
    }
}
