/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.embedded;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.runtime.config.WorkerConfig;

/** A Kafka broker inside this process. */
public final class EmbeddedKafka implements AutoCloseable {
    private final EmbeddedBroker broker;

    private EmbeddedKafka(EmbeddedBroker broker) {
        this.broker = broker;
    }

    /**
     * Starts it with the worker's {@code data.dir} and {@code broker.*} keys; blocks until it serves.
     *
     * @throws RuntimeException whose message says in one line what to do
     */
    public static EmbeddedKafka start(WorkerConfig config) {
        return new EmbeddedKafka(EmbeddedBroker.start(BrokerConfig.from(config.properties())));
    }

    /** The addresses it really has. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Flushes and closes its log. */
    @Override
    public void close() {
        broker.close();
    }
}
