/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.log.files.LogFile;
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
    private final LogFile file;
    private final long start;
    private final long bytes;
    private long sent;

    FileSlice(LogFile file, long start, long bytes) {
        this.file = file;
        this.start = start;
        this.bytes = bytes;
    }

    @Override
    public long position() {
        return start;
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
        return bytes;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position) throws IOException {
        long moved = file.transferTo(start + position, bytes - position, target);
        if (moved == 0 && file.bytesOnDisk() < start + bytes) {
            throw truncated();
        }
        sent += moved;
        return moved;
    }

    /** The next bytes, at most {@code bytesMax}, for a socket that the kernel cannot copy to by itself. Blocks on the disk. */
    ByteBuf read(int bytesMax) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(bytesMax, bytes - sent));
        while (chunk.hasRemaining()) {
            if (file.read(chunk, start + sent + chunk.position()) < 0) {
                throw truncated();
            }
        }
        sent += chunk.capacity();
        return Unpooled.wrappedBuffer(chunk.flip());
    }

    private IOException truncated() {
        return new IOException(
                "the log was truncated while " + bytes + " bytes at " + start + " were on their way to a client");
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
