/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import io.levada.it.kills.hook.Fuse.Strike;
import io.levada.it.kills.hook.Step.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file whose writes and forces are steps. */
final class MortalChannel extends FileChannel {
    private final FileChannel real;
    private final String path;
    private final Fuse fuse;

    MortalChannel(FileChannel real, String path, Fuse fuse) {
        this.real = real;
        this.path = path;
        this.fuse = fuse;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        Strike strike = fuse.before(Step.write(path, source));
        int written = real.write(strike.isInTheMiddle() ? half(source) : source);
        strike.now();
        return written;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        Strike strike = fuse.before(Step.write(path, source));
        int written = real.write(strike.isInTheMiddle() ? half(source) : source, at);
        strike.now();
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

    private static ByteBuffer half(ByteBuffer source) {
        ByteBuffer half = source.duplicate();
        return half.limit(half.position() + half.remaining() / 2);
    }

    @Override
    public void force(boolean metadata) throws IOException {
        Strike strike = fuse.before(Step.of(Kind.FORCE, path));
        real.force(metadata);
        strike.now();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return real.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return real.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        return real.read(target, from);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        real.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        real.truncate(size);
        return this;
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(from, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        return real.transferFrom(source, at, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) throws IOException {
        return real.map(mode, from, size);
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        return real.lock(from, size, shared);
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) throws IOException {
        return real.tryLock(from, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
