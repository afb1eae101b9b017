/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The disk, and what may happen to it. Every change and every force is one step, before which the process may die. */
public final class SimulatedDisk {
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Predicate<String> forgetsToForce;
    private final FolderNode root = new FolderNode();
    private final DiskFileSystem files = new DiskFileSystem(this);
    private DiskFaults faults = DiskFaults.NONE;
    private int process;
    private boolean dead;
    private long stepsToDeath = Long.MAX_VALUE;
    private long steps;
    private long accesses;

    public SimulatedDisk(InstantSource clock, RandomGenerator random) {
        this(clock, random, path -> false);
    }

    /**
     * A disk that may lie.
     *
     * @param forgetsToForce of which paths it says that they are forced, and forces nothing
     */
    public SimulatedDisk(InstantSource clock, RandomGenerator random, Predicate<String> forgetsToForce) {
        this.clock = clock;
        this.random = random;
        this.forgetsToForce = forgetsToForce;
    }

    /** An absolute path on this disk. */
    public Path path(String path) {
        return files.getPath(path);
    }

    /** How many changes and forces there were. */
    public long steps() {
        return steps;
    }

    /** How often the disk was asked for anything, to look at or to change. */
    public long accesses() {
        return accesses;
    }

    public void faults(DiskFaults newFaults) {
        faults = newFaults;
    }

    /** Lets the process die in the middle of the {@code count}th step from now, at the latest when {@link #restart} is called. */
    public void dieAfter(long count) {
        stepsToDeath = count;
    }

    /** Whether the process has died. */
    public boolean isDead() {
        return dead;
    }

    /**
     * Another process takes over. What the last one left open is closed.
     *
     * @param powerWasCut whether what was not forced is at risk; a process that is only killed loses nothing it had written
     */
    public void restart(boolean powerWasCut) {
        process++;
        dead = false;
        stepsToDeath = Long.MAX_VALUE;
        if (powerWasCut) {
            root.losePower(random);
        }
    }

    FolderNode root() {
        return root;
    }

    int process() {
        return process;
    }

    long nowMs() {
        return clock.millis();
    }

    /** The process of that number wants to do something; reads are no steps. */
    void requireAlive(int ofProcess, String what) {
        accesses++;
        if (dead || ofProcess != process) {
            throw new ProcessDeath(what);
        }
    }

    /** The process wants to change or force something. */
    void step(int ofProcess, String what) {
        requireAlive(ofProcess, what);
        steps++;
        if (--stepsToDeath <= 0) {
            dead = true;
            throw new ProcessDeath(what);
        }
    }

    /** As {@link #step} for a write, which may come to pass in part before the process dies or the disk is full. */
    void writeStep(int ofProcess, FileNode file, int at, ByteBuffer bytes) throws IOException {
        requireAlive(ofProcess, "a write");
        steps++;
        boolean dies = --stepsToDeath <= 0;
        boolean full = !dies && faults.isFull(random);
        if (dies || full) {
            ByteBuffer part = bytes.duplicate();
            part.limit(part.position() + random.nextInt(part.remaining() + 1));
            file.write(at, part);
        }
        if (dies) {
            dead = true;
            throw new ProcessDeath("a write");
        }
        if (full) {
            throw new IOException("No space left on device");
        }
        file.write(at, bytes);
        file.modified(nowMs());
    }

    void forceStep(int ofProcess, Path path, Node node) throws IOException {
        step(ofProcess, "a force");
        if (faults.forceFails(random)) {
            throw new IOException("Input/output error");
        }
        if (!forgetsToForce.test(path.toString())) {
            node.force();
        }
    }
}
