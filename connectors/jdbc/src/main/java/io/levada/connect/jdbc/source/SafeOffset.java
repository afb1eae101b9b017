/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import org.jspecify.annotations.Nullable;

/**
 * Which offset a record may carry, so that a restart from it skips no row.
 *
 * <p>In mode timestamp several rows may share a moment, and only after the last of them may the offset name it: until then it stays
 * at the moment before. That a row is the last of its moment shows in the row after it.
 */
final class SafeOffset {

    private final Mode mode;

    SafeOffset(Mode mode) {
        this.mode = mode;
    }

    /** The offset after {@code row}, given the one before it and the row after it; that is null for the last of the result. */
    JdbcOffset after(JdbcOffset before, Row row, @Nullable Row following) {
        return completes(row, following) ? new JdbcOffset(row.incrementing(), row.timestamp()) : before;
    }

    /** True if a restart right after {@code row} would not repeat it. */
    boolean completes(Row row, @Nullable Row following) {
        return mode != Mode.TIMESTAMP
                || following == null
                || row.timestamp() == null
                || !row.timestamp().equals(following.timestamp());
    }
}
