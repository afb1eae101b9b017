/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/** The last events, for whoever has to understand a failure, and a fingerprint of all of them, by which two runs are told apart. */
final class Trace {
    private static final int KEPT = 300;
    private final Deque<String> last = new ArrayDeque<>();
    private final CRC32C fingerprint = new CRC32C();
    private final LongSupplier nanos;

    Trace(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void note(String event) {
        String line = TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong()) + " us  " + event;
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
