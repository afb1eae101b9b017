/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** A disk that fills up, fails, stalls, or loses what it was not told to keep. */
public final class FaultyFiles implements LogFiles {
    final AtomicInteger forces = new AtomicInteger();
    private final Map<Path, Long> forcedBytes = new ConcurrentHashMap<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int bytesLeft = Integer.MAX_VALUE;
    private volatile boolean forceFails;
    private static final int NEVER = Integer.MAX_VALUE;
    private final AtomicInteger stepsLeft = new AtomicInteger(NEVER);
    private volatile boolean truncateFails;
    private final AtomicInteger steps = new AtomicInteger();
    private volatile int failingStep = -1;
    private volatile Runnable beforeStep = () -> {};

    /** The process ends before its next change of names or force but {@code steps}: that one and all after it do nothing. */
    void killAfter(int steps) {
        stepsLeft.set(steps);
    }

    /** Whether a kill that was asked for has come. */
    boolean isKilled() {
        return stepsLeft.get() < 0;
    }

    private synchronized void step() throws IOException {
        if (stepsLeft.updateAndGet(left -> left == NEVER ? NEVER : Math.max(-1, left - 1)) < 0) {
            throw new IOException("killed");
        }
        beforeStep.run();
        if (steps.getAndIncrement() == failingStep) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        LogFiles.super.rename(from, to);
        Long bytes = forcedBytes.remove(from);
        if (bytes == null) {
            forcedBytes.remove(to);
        } else {
            forcedBytes.put(to, bytes);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        step();
        LogFiles.super.delete(file);
        forcedBytes.remove(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        step();
        LogFiles.super.forceFolder(folder);
    }

    /** A data directory on this disk. */
    public LogDirectory open(Path dir, FlushPolicy flush) {
        return LogDirectory.open(dir, LogConfig.defaults(), LogOptions.of(flush), InstantSource.system(), this);
    }

    /** The next appends fit only this many bytes; what does not fit is written in part. */
    public void fillUpAfter(int bytes) {
        bytesLeft = bytes;
    }

    public void failForces() {
        forceFails = true;
    }

    public void healForces() {
        forceFails = false;
    }

    public void failTruncates() {
        truncateFails = true;
    }

    public void healTruncates() {
        truncateFails = false;
    }

    /** The step of that number, of those that make, rename or delete something or force a folder, fails once; they are counted from now on, from 0. */
    void failStep(int number) {
        steps.set(0);
        failingStep = number;
    }

    /** How many such steps were taken since {@link #failStep}. */
    int steps() {
        return steps.get();
    }

    /** Is called before each such step, as a crash would come. */
    void beforeStep(Runnable crash) {
        beforeStep = crash;
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        step();
        LogFiles.super.createFolder(folder);
    }

    @Override
    public void createFile(Path file) throws IOException {
        step();
        LogFiles.super.createFile(file);
    }

    /** Forces wait until {@link #go}. */
    public void stall() {
        if (gate.getCount() == 0) { // who waits at a gate must be let go by it
            gate = new CountDownLatch(1);
        }
    }

    public void go() {
        gate.countDown();
    }

    /** Leaves of every file in a copy of the directory only what was forced. */
    public void cutPower(Path original, Path copy) {
        forcedBytes.forEach(
                (file, bytes) -> truncate(copy.resolve(original.relativize(file).toString()), bytes));
    }

    private static void truncate(Path file, long bytes) {
        if (Files.notExists(file)) {
            return; // deleted since
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void append(FileRecords file, MemoryRecords batches) throws IOException {
        // What is there already was kept by an earlier life.
        forcedBytes.putIfAbsent(file.file().toPath(), (long) file.sizeInBytes());
        if (batches.sizeInBytes() > bytesLeft) {
            ByteBuffer part = batches.buffer().duplicate();
            part.limit(part.position() + bytesLeft);
            file.channel().write(part);
            throw new IOException("No space left on device");
        }
        LogFiles.super.append(file, batches);
    }

    @Override
    public void truncate(FileRecords file, int size) throws IOException {
        if (truncateFails) {
            throw new IOException("Input/output error");
        }
        LogFiles.super.truncate(file, size);
    }

    @Override
    public void force(FileRecords file) throws IOException {
        awaitGate();
        forces.incrementAndGet();
        if (forceFails) {
            throw new IOException("Input/output error");
        }
        long bytes = file.channel().size();
        LogFiles.super.force(file);
        forcedBytes.merge(file.file().toPath(), bytes, Math::max);
    }

    private void awaitGate() throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the disk stalled", e);
        }
    }
}
