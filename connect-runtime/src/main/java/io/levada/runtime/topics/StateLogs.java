/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.util.concurrent.CompletionStage;

/** Where a worker keeps its state: a log for each of its stores. */
public interface StateLogs extends AutoCloseable {
    /**
     * The log of that name, whose records go to {@code listener}; before {@link #start} only.
     *
     * @throws org.apache.kafka.common.config.ConfigException if the name is taken
     */
    TopicLog add(String topic, TopicListener listener);

    /**
     * Starts reading.
     *
     * @return completes once all listeners have seen all that was there
     */
    CompletionStage<Void> start();

    /** Completes with what went wrong if the logs are not read any more, although nobody closed them. */
    CompletionStage<Throwable> broken();

    /** Waits a little for what is being written; stops reading. */
    @Override
    void close();
}
