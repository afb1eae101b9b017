/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.util.function.Predicate;
import org.apache.kafka.common.requests.TransactionResult;

/** State that is kept in one internal topic. Used on the thread of its {@link ShardRuntime} alone. */
public interface Shard {
    /**
     * Changes the state as the record says. Called for every record in the order of its partition: when it was appended, and again by a start.
     *
     * @throws RuntimeException of any kind if the record cannot be understood; the state is then as before, and a start passes over the record
     */
    void replay(LoggedRecord record);

    /**
     * Ends the transaction of a producer in one partition: what {@link #replay} got from it since its last marker counts, or never was.
     *
     * @param partition of the internal topic
     */
    default void replayMarker(int partition, long producerId, short producerEpoch, TransactionResult result) {}

    /** All that the log holds has been replayed. Requests are served from now on. */
    default void loaded() {}

    /**
     * The state of these keys is no longer served: their log failed or was deleted, or the broker closes. Forgets it, ends timers, and sends away with
     * {@link org.apache.kafka.common.errors.NotCoordinatorException} whoever waits.
     */
    default void unloaded(Predicate<String> keys) {}
}
