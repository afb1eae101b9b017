/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import java.io.PrintStream;

/**
 * A standard stream that stays open: a plugin that closes {@link System#out}, as one does that wraps it in try-with-resources, would end the
 * log of the worker.
 */
final class KeptStream extends PrintStream {
    private KeptStream(PrintStream kept) {
        super(kept, true);
    }

    /** From now on in this process, for both streams. */
    static void keepBoth() {
        if (!(System.out instanceof KeptStream)) {
            System.setOut(new KeptStream(System.out));
            System.setErr(new KeptStream(System.err));
        }
    }

    @Override
    public void close() {
        flush();
    }
}
