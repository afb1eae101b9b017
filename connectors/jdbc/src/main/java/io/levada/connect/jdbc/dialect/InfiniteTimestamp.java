/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/**
 * The milliseconds by which PostgreSQL's driver stands for {@code infinity} in a {@link java.util.Date} (its
 * {@code PGStatement.DATE_POSITIVE_INFINITY}), so that infinite timestamps survive the way from source to sink.
 */
public final class InfiniteTimestamp {

    /** {@code infinity}. */
    public static final long POSITIVE_MS = org.postgresql.PGStatement.DATE_POSITIVE_INFINITY;

    /** {@code -infinity}. */
    public static final long NEGATIVE_MS = org.postgresql.PGStatement.DATE_NEGATIVE_INFINITY;

    private InfiniteTimestamp() {}
}
