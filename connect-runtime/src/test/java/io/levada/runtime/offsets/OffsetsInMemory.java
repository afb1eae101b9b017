/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import io.levada.runtime.connector.ConnectorName;

/** A connector's own offsets over a store that the test fills, for tests in other packages. */
public final class OffsetsInMemory {
    private OffsetsInMemory() {}

    /** @param close what closing them does, once */
    public static ConnectorOffsets of(ConnectorName connector, OffsetStore store, AutoCloseable close) {
        TopicOffsets offsets = new TopicOffsets(connector, store, "own");
        return new OwnOffsets(connector, offsets, offsets, close);
    }
}
