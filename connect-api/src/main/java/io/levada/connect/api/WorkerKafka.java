/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The worker's own brokers, for a source task that reads from there what it is asked to do. A Levada worker's {@code SourceTaskContext}
 * is one of these; Apache Kafka's is not.
 */
public interface WorkerKafka {

    /**
     * A consumer that goes where the worker goes, with the worker's {@code consumer.*} keys and the connector's {@code consumer.override.*}.
     * It belongs to the caller, who closes it.
     *
     * @param settings lie over all of these
     * @throws org.apache.kafka.common.KafkaException if they are wrong
     */
    Consumer<byte[], byte[]> consumer(Map<String, Object> settings);
}
