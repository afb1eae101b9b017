/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Spelled;

/** How new rows are told from those already read. */
public enum Mode implements Spelled {
    /** Not at all: every poll reads everything. */
    BULK("bulk"),
    /** By a column that only grows; finds new rows, not changed ones. */
    INCREMENTING("incrementing"),
    /** By a column that is set whenever a row changes. */
    TIMESTAMP("timestamp"),
    /** By both, the number telling rows of the same moment apart. */
    TIMESTAMP_INCREMENTING("timestamp+incrementing");

    private final String spelling;

    Mode(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    boolean usesTimestamp() {
        return this == TIMESTAMP || this == TIMESTAMP_INCREMENTING;
    }

    /** True if a number is followed. */
    public boolean usesIncrementing() {
        return this == INCREMENTING || this == TIMESTAMP_INCREMENTING;
    }
}
