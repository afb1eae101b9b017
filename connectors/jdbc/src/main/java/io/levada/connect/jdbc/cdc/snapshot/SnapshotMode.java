/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.api.config.Spelled;

/** When all rows are read. */
public enum SnapshotMode implements Spelled {
    /** Once, before the first changes. */
    INITIAL("initial"),
    /** At each start. */
    ALWAYS("always"),
    /** Once, and then nothing. */
    INITIAL_ONLY("initial_only"),
    /** Never. */
    NO_DATA("no_data"),
    /** Once, and again when changes were lost. */
    WHEN_NEEDED("when_needed"),
    /** Never, going on at a start from where the slot stands, which must be there if anything is stored. */
    RECOVERY("recovery"),
    /** As further keys say; {@link SnapshotOptions} has one of the others instead. */
    CONFIGURATION_BASED("configuration_based");

    private final String spelling;

    SnapshotMode(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    /** Whether a task that has stored nothing reads all rows. */
    public boolean readsAtFirst() {
        return this == INITIAL || this == ALWAYS || this == INITIAL_ONLY || this == WHEN_NEEDED;
    }

    /** Whether all rows are read again when changes were lost. */
    public boolean readsAgain() {
        return this == WHEN_NEEDED || this == ALWAYS;
    }
}
