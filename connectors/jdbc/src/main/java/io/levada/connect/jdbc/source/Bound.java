/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far one poll reads.
 *
 * @param incrementing the last number, included; null for no limit
 * @param timestamp the first moment that is not read; null for no limit
 */
record Bound(@Nullable Long incrementing, @Nullable Instant timestamp) {

    static final Bound NONE = new Bound(null, null);

    /** There is no new number, so there is nothing to read. */
    static final Bound NOTHING = new Bound(Long.MIN_VALUE, null);
}
