/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The memory that the requests of all connections take together, and who has to wait when it is used up.
 *
 * <p>To wait means that the socket is not read from, so nothing is lost: the client's buffers fill, then its writes block. These rules keep that from ever
 * standing still:
 * <ul>
 *   <li>A connection that holds little ({@link #LITTLE_BYTES}) is neither counted nor made to wait, so that heartbeats, fetches and metadata pass.
 *   <li>Large frames ({@link #LARGE_BYTES}) get half of the memory, so that they do not hold up produce requests of the usual size.
 *   <li>Of the connections whose frame is under way, the one that began first may always go on. A frame larger than what is left thus comes through,
 *       one at a time, and half frames cannot hold each other up.
 *   <li>Who has the room and does not use it, while others wait, is cut off: {@link #sweep} finds frames that have stopped.
 * </ul>
 * So memory stays under the limit plus one frame, and what one read of each socket brings. Safe from any thread; callbacks run outside the lock, on the
 * thread that made the room.
 */
final class RequestMemory {
    /** What a connection may hold without being counted. */
    static final int LITTLE_BYTES = 64 * 1024;
    /** Above this a frame is large; a producer's batches are 1 MiB by Kafka's defaults. */
    static final int LARGE_BYTES = 2 * 1024 * 1024;

    private final long bytesMax;
    private final Set<Share> usualUnderWay = new LinkedHashSet<>();
    private final Set<Share> largeUnderWay = new LinkedHashSet<>();
    private final Set<Share> waiting = new LinkedHashSet<>();
    private long used;

    RequestMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * The part of a new connection.
     *
     * @param resume is called when the connection may read again after it had to wait
     * @param cutOff is called when the connection must be closed
     */
    Share share(Runnable resume, Runnable cutOff) {
        return new Share(resume, cutOff);
    }

    /** What is counted now. */
    synchronized long used() {
        return used;
    }

    /** Cuts off frames that have hardly grown since the last sweep while others wait for the room they take. To be called every few seconds. */
    void sweep() {
        List<Runnable> calls = new ArrayList<>();
        synchronized (this) {
            for (Set<Share> underWay : List.of(usualUnderWay, largeUnderWay)) {
                for (Share share : underWay) {
                    if (share.hasStopped() && !waiting.isEmpty()) {
                        calls.add(share.cutOff);
                    }
                    share.swept();
                }
            }
        }
        calls.forEach(Runnable::run);
    }

    private Set<Share> underWay(boolean large) {
        return large ? largeUnderWay : usualUnderWay;
    }

    private boolean mayRead(Share share) {
        boolean large = share.frameBytes > LARGE_BYTES;
        return used <= (large ? bytesMax / 2 : bytesMax) || share.held == 0 || isEldest(share, large);
    }

    private boolean isEldest(Share share, boolean large) {
        Iterator<Share> eldest = underWay(large).iterator();
        return eldest.hasNext() && eldest.next() == share;
    }

    /** Takes those who may read again off the list. */
    private List<Runnable> awakened() {
        List<Runnable> calls = new ArrayList<>();
        waiting.removeIf(share -> {
            boolean awake = mayRead(share);
            if (awake) {
                calls.add(share.resume);
            }
            return awake;
        });
        return calls;
    }

    /** What one connection holds. Called on the connection's event loop. */
    final class Share {
        private final Runnable resume;
        private final Runnable cutOff;
        private long held;
        private int frameBytes;
        private long receivedBytes;
        private long receivedAtSweep;
        private boolean couldReadAtSweep;

        private Share(Runnable resume, Runnable cutOff) {
            this.resume = resume;
            this.cutOff = cutOff;
        }

        /**
         * Says what the connection holds now.
         *
         * @param bytes of frames, whole ones and the one under way
         * @param frameUnderWay the announced size of the frame that has come in part, 0 if there is none
         * @param receivedTotal what has been received over this connection since it was made
         * @return whether it may go on reading; if not, it will be told when
         */
        boolean holds(long bytes, int frameUnderWay, long receivedTotal) {
            long counted = bytes <= LITTLE_BYTES ? 0 : bytes;
            // What is held is written on this thread alone, so that the common case needs no lock.
            if (counted == 0 && held == 0) {
                return true;
            }
            List<Runnable> calls;
            boolean goOn;
            synchronized (RequestMemory.this) {
                note(counted, frameUnderWay, receivedTotal);
                goOn = mayRead(this);
                if (goOn) {
                    waiting.remove(this);
                } else {
                    waiting.add(this);
                }
                calls = waiting.isEmpty() ? List.of() : awakened();
            }
            calls.forEach(Runnable::run);
            return goOn;
        }

        /** The connection is gone; what still runs for it takes {@code bytes}. */
        void closed(long bytes) {
            List<Runnable> calls;
            synchronized (RequestMemory.this) {
                note(bytes, 0, receivedBytes);
                waiting.remove(this);
                calls = awakened();
            }
            calls.forEach(Runnable::run);
        }

        private void note(long counted, int frameUnderWay, long receivedTotal) {
            used += counted - held;
            held = counted;
            receivedBytes = receivedTotal;
            int inPart = counted == 0 ? 0 : frameUnderWay;
            if (inPart != frameBytes) {
                underWay(frameBytes > LARGE_BYTES).remove(this);
                couldReadAtSweep = false;
                frameBytes = inPart;
            }
            if (inPart > 0) {
                underWay(inPart > LARGE_BYTES).add(this);
            }
        }

        private boolean hasStopped() {
            return couldReadAtSweep && !waiting.contains(this) && receivedBytes - receivedAtSweep < LITTLE_BYTES;
        }

        private void swept() {
            receivedAtSweep = receivedBytes;
            couldReadAtSweep = !waiting.contains(this);
        }
    }
}
