/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One internal topic, as its store sees it. Safe for use by many threads; never blocks. */
public interface TopicLog {
    /**
     * Appends a record; records of one key stay in the order of the calls.
     *
     * @param value null writes a tombstone
     * @return completes once the brokers hold the record (acks=all), and fails if they will not
     */
    CompletionStage<Void> send(byte[] key, byte @Nullable [] value);

    /**
     * Completes once the listener has seen all that was in the topic at the time of the call. Transactions that were open there by then
     * are awaited: what they hold, and what others have committed after it, is seen only when they end.
     */
    CompletionStage<Void> readToEnd();

    /** Why the topic cannot be read just now, for the person who has to mend it; empty while it can. */
    default Optional<String> trouble() {
        return Optional.empty();
    }
}
