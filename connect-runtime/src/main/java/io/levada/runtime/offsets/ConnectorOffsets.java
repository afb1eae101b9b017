/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The offsets of one source connector, wherever they are kept. Safe for use by many threads. */
public interface ConnectorOffsets extends AutoCloseable {
    /** The offset of one partition, as known by the last {@link #readToEnd}; null if there is none. */
    @Nullable
    Map<String, @Nullable Object> offset(@Nullable Map<String, ?> partition);

    /** All partitions that have an offset. */
    Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> offsets();

    /**
     * Writes offsets; a null offset forgets its partition. Does not block.
     *
     * @return completes once the brokers hold all of them
     * @throws DataException if one cannot be stored; nothing is written then
     */
    CompletionStage<Void> write(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets);

    /** The topic that counts. */
    String topic();

    /**
     * What {@link #write} would write there, to be sent in a transaction. Blocks if an offset is to be forgotten elsewhere first.
     *
     * @throws DataException if one cannot be stored
     */
    List<ProducerRecord<byte[], byte[]>> records(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets);

    /** The transaction with these offsets is committed: they go where else they belong. Does not block. */
    void committed(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets);

    /**
     * Whoever writes here was given up, and another may stand where it stood: what is not handed to a producer by now is not written any more. Writes
     * that lack some of it fail. Offsets can still be read. Does not block.
     */
    void endWrites();

    /** Completes once all that has been written by now can be asked for. */
    CompletionStage<Void> readToEnd();

    /** Frees what was opened for this connector alone. Further calls do nothing. */
    @Override
    void close();
}
