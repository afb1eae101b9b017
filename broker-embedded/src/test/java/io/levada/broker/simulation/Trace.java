/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;

/** The last events, for whoever has to understand a failure, and a fingerprint of all of them, by which two runs are told apart. */
final class Trace {
    private static final int KEPT = 400;
    private final Deque<String> last = new ArrayDeque<>();
    private final CRC32C fingerprint = new CRC32C();
    private final VirtualTime time;

    Trace(VirtualTime time) {
        this.time = time;
    }

    /** Notes an event; ids that are drawn anew in every run do not belong in it. */
    void note(String event) {
        String line = time + "  " + event;
        fingerprint.update(line.getBytes(StandardCharsets.UTF_8));
        last.add(line);
        if (last.size() > KEPT) {
            last.remove();
        }
    }

    long fingerprint() {
        return fingerprint.getValue();
    }

    @Override
    public String toString() {
        return String.join("\n", last);
    }
}
