/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.offsets.ConnectorOffsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How many offset topics of their own are open for requests about each connector, until they are closed: each has clients and threads, and may take long to
 * close when its brokers are out of reach. Any thread.
 */
final class OpenOffsets {
    /** Of one connector. */
    static final int OPEN_MAX = 4;

    private final Map<ConnectorName, Integer> open = new HashMap<>();

    /**
     * Opens offsets; to be closed by {@link #close}.
     *
     * @throws ConflictingOperationException if too many are open
     */
    ConnectorOffsets open(ConnectorName connector, Supplier<ConnectorOffsets> opening) {
        take(connector);
        boolean opened = false;
        try {
            ConnectorOffsets offsets = opening.get();
            opened = true;
            return offsets;
        } finally {
            if (!opened) {
                free(connector);
            }
        }
    }

    /** Blocks as long as their closing does. */
    void close(ConnectorName connector, ConnectorOffsets offsets) {
        try {
            offsets.close();
        } finally {
            free(connector);
        }
    }

    private synchronized void take(ConnectorName connector) {
        int before = open.getOrDefault(connector, 0);
        if (before >= OPEN_MAX) {
            throw new ConflictingOperationException(
                    "For " + before + " requests about the offsets of connector " + connector
                            + " its own offset topic is being read, or is not closed yet. Try again later; if that goes on, the brokers of"
                            + " its producer are out of reach.");
        }
        open.put(connector, before + 1);
    }

    private synchronized void free(ConnectorName connector) {
        open.computeIfPresent(connector, (name, count) -> count == 1 ? null : count - 1);
    }
}
