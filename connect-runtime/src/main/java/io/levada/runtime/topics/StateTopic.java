/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store's end of its topic: it writes once the topic is open, and takes what it reads there as something that anybody may have written.
 * Never blocks.
 */
public final class StateTopic {
    private static final Logger LOGGER = LoggerFactory.getLogger(StateTopic.class);

    private final String kind;
    private @Nullable TopicLog log;

    /** A topic of records of one kind, such as {@code config}. */
    public StateTopic(String kind) {
        this.kind = kind;
    }

    /** Names the log to write to; before the first write. */
    public void writeTo(TopicLog open) {
        log = open;
    }

    /**
     * Hands key and value of a record to {@code taking}. A record without a key is logged and skipped, and so is one of which {@code taking}
     * can make nothing: no record may end the reading of all others.
     */
    public void read(ConsumerRecord<byte[], byte[]> record, BiConsumer<byte[], byte @Nullable []> taking) {
        if (record.key() == null) {
            LOGGER.atWarn()
                    .addKeyValue("kind", kind)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("record without a key is skipped, no worker wrote it");
            return;
        }
        try {
            taking.accept(record.key(), record.value());
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("kind", kind)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("key", StateJson.shown(record.key()))
                    .addKeyValue("error", e.getMessage())
                    .log("record makes no sense and is skipped; what it says has to be written again");
        }
    }

    /** {@link TopicLog#send}, with a text for a key. */
    public CompletionStage<Void> send(String key, byte @Nullable [] value) {
        return send(key.getBytes(UTF_8), value);
    }

    /** {@link TopicLog#send}. */
    public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
        return log().send(key, value);
    }

    /** Completes once all these records are written. */
    public static CompletionStage<Void> written(List<CompletionStage<Void>> writes) {
        return CompletableFuture.allOf(
                writes.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }

    /** Completes once all these records are written and have come back. */
    public CompletionStage<Void> readBack(List<CompletionStage<Void>> writes) {
        return written(writes).thenCompose(written -> readToEnd());
    }

    /** {@link TopicLog#readToEnd}. */
    public CompletionStage<Void> readToEnd() {
        return log().readToEnd();
    }

    /** {@link TopicLog#trouble}. */
    public Optional<String> trouble() {
        return log().trouble();
    }

    private TopicLog log() {
        TopicLog open = log;
        if (open == null) {
            throw new IllegalStateException("the " + kind + " topic is not open yet");
        }
        return open;
    }
}
