/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import org.apache.kafka.common.errors.ApiException;

/** Who is told what became of the records of a decision. Called on the shard's thread, once, before the reply is given. */
public interface Outcome {
    /** Nobody. */
    Outcome IGNORED = new Outcome() {};

    /** They are written, replayed and durable. */
    default void durable() {}

    /**
     * They were not written and are not replayed; or they were, and are not durable, in which case the shard is unloaded with them.
     *
     * @param failure what the caller is told
     */
    default void failed(ApiException failure) {}
}
