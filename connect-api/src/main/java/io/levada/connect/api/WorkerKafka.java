/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The worker's own brokers, for a source task that reads from there what it is asked to do. A Levada worker's {@code SourceTaskContext}
 * is one of these; Apache Kafka's is not.
 */
public interface WorkerKafka {

    /**
     * Makes consumers that go where the worker goes, with the worker's {@code consumer.*} keys and the connector's
     * {@code consumer.override.*}. They belong to the caller, who closes them; making one throws a
     * {@link org.apache.kafka.common.KafkaException} if its settings are wrong.
     *
     * @param settings lie over all of these; none may say where the consumer goes or how it logs in, and but for what it reads, in which
     *     group, they are judged by the worker's {@code connector.client.config.override.policy}
     * @throws org.apache.kafka.common.config.ConfigException if there are some that the connector may not set
     */
    Supplier<Consumer<byte[], byte[]>> consumers(Map<String, Object> settings);
}
