/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import org.jspecify.annotations.Nullable;

/**
 * What a request comes to.
 *
 * @param next what is stored of the transactional id from now on, or null if nothing changes
 * @param reply what is answered once that is durable
 */
record Change<R>(@Nullable Transaction next, R reply) {
    static <R> Change<R> unchanged(R reply) {
        return new Change<>(null, reply);
    }
}
