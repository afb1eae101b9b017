/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or a folder opened to be forced, of the process that opened it. */
final class DiskChannel extends FileChannel {
    private final DiskPath path;
    private final Node node;
    private final boolean appends;
    private final int process;
    private int position;

    DiskChannel(DiskPath path, Node node, boolean appends) {
        this.path = path;
        this.node = node;
        this.appends = appends;
        this.process = path.disk().process();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int read = read(targets[i]);
            if (read < 0) {
                return total == 0 ? read : total;
            }
            total += read;
        }
        return total;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        return file().read(Math.toIntExact(from), target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (appends) {
            position = Math.toIntExact(node.size());
        }
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(sources[i]);
        }
        return total;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        int length = source.remaining();
        path.disk().writeStep(process, file(), Math.toIntExact(at), source);
        return length;
    }

    @Override
    public long position() throws IOException {
        file();
        return position;
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        file();
        position = Math.toIntExact(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file().size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        FileNode file = file();
        path.disk().step(process, "truncating " + path);
        file.truncate(Math.toIntExact(size));
        file.modified(path.disk().nowMs());
        position = Math.min(position, Math.toIntExact(size));
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        requireOpen();
        path.disk().forceStep(process, path, node);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        ByteBuffer part = ByteBuffer.allocate((int) Math.max(0, Math.min(count, size() - from)));
        read(part, from);
        return target.write(part.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException("nobody writes a file from a channel");
    }

    /** A copy, as only files that nobody writes to any more are mapped. */
    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) throws IOException {
        if (mode != MapMode.READ_ONLY) {
            throw new UnsupportedOperationException("only reading is mapped");
        }
        ByteBuffer copy = ByteBuffer.allocateDirect(Math.toIntExact(size));
        read(copy, from);
        // Direct buffers are mapped buffers in this JDK; a read-only view of one is, too.
        return (MappedByteBuffer) copy.rewind().asReadOnlyBuffer();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        return tryLock(from, size, shared);
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) throws IOException {
        requireOpen();
        return new FileLock(this, from, size, shared) {
            @Override
            public boolean isValid() {
                return isOpen();
            }

            @Override
            public void release() {}
        };
    }

    @Override
    protected void implCloseChannel() {}

    private FileNode file() throws IOException {
        requireOpen();
        path.disk().requireAlive(process, "a look into " + path);
        if (node instanceof FileNode file) {
            return file;
        }
        throw new IOException(path + " is a folder");
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }
}
