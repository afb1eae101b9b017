/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.standalone;

import io.levada.runtime.topics.StateLogs;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs of one process: what is sent to one comes back to its listener, and is gone with the process, but for those in the file. What is sent while the
 * file is written goes with the next writing, all of it at once.
 */
public final class LocalLogs implements StateLogs {
    private static final Logger LOGGER = LoggerFactory.getLogger(LocalLogs.class);
    private static final long CLOSE_SECONDS_MAX = 6;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "levada-state");
        made.setDaemon(true);
        return made;
    });
    private final Map<String, Log> logs = new LinkedHashMap<>();
    private final OffsetsFile file;
    private final String offsetsTopic;

    /**
     * Opens the file; reads nothing to anybody before {@link #start}.
     *
     * @param offsetsTopic which log is kept in the file
     * @throws ConnectException when the file cannot be used, with what to do
     */
    public LocalLogs(Path file, String offsetsTopic) {
        this.file = OffsetsFile.open(file);
        this.offsetsTopic = offsetsTopic;
    }

    @Override
    public TopicLog add(String topic, TopicListener listener) {
        Log log = new Log(topic, listener);
        if (logs.putIfAbsent(topic, log) != null) {
            throw new ConfigException("Topic " + topic + " is named for two purposes:"
                    + " config.storage.topic, offset.storage.topic and status.storage.topic must differ");
        }
        return log;
    }

    @Override
    public CompletionStage<Void> start() {
        return run(() -> {
            Log offsets = logs.get(offsetsTopic);
            if (offsets != null) {
                file.entries().forEach((key, offset) -> offsets.tell(key.get(), offset));
            }
            logs.values().forEach(log -> log.listener.onBatchEnd());
        });
    }

    /** Nothing can come between a process and its own memory. */
    @Override
    public CompletionStage<Throwable> broken() {
        return new CompletableFuture<>();
    }

    private CompletionStage<Void> run(Runnable task) {
        try {
            return CompletableFuture.runAsync(task, thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new ConnectException("The worker is stopping and writes no more state", e));
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOGGER.atWarn().log("the file of offsets is still being written and is left behind");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            file.close();
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("the file of offsets could not be closed");
        }
    }

    private record Write(Bytes key, @Nullable Bytes value, CompletableFuture<Void> done) {}

    private final class Log implements TopicLog {
        private final String topic;
        private final TopicListener listener;
        private final List<Write> waiting = new ArrayList<>();
        private long nextOffset;

        private Log(String topic, TopicListener listener) {
            this.topic = topic;
            this.listener = listener;
        }

        @Override
        public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
            Write write =
                    new Write(Bytes.wrap(key), value == null ? null : Bytes.wrap(value), new CompletableFuture<>());
            boolean first;
            synchronized (waiting) {
                first = waiting.isEmpty();
                waiting.add(write);
            }
            if (first) {
                CompletionStage<Void> unused = run(this::writeWaiting).exceptionally(this::refuse);
            }
            return write.done;
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            return run(() -> {});
        }

        private List<Write> takeWaiting() {
            synchronized (waiting) {
                List<Write> taken = List.copyOf(waiting);
                waiting.clear();
                return taken;
            }
        }

        private @Nullable Void refuse(Throwable cause) {
            takeWaiting().forEach(write -> write.done.completeExceptionally(cause));
            return null;
        }

        private void writeWaiting() {
            List<Write> taken = takeWaiting();
            if (topic.equals(offsetsTopic)) {
                try {
                    writeToFile(taken);
                } catch (IOException | RuntimeException e) {
                    ConnectException refused = new ConnectException("Offsets cannot be written: " + e, e);
                    taken.forEach(write -> write.done.completeExceptionally(refused));
                    return;
                }
            }
            taken.forEach(write -> tell(write.key.get(), bytes(write.value)));
            listener.onBatchEnd();
            taken.forEach(write -> write.done.complete(null));
        }

        private void writeToFile(List<Write> writes) throws IOException {
            Map<Bytes, byte @Nullable []> changes = new LinkedHashMap<>();
            writes.forEach(write -> changes.put(write.key, bytes(write.value)));
            file.write(changes);
        }

        private static byte @Nullable [] bytes(@Nullable Bytes value) {
            return value == null ? null : value.get();
        }

        private void tell(byte[] key, byte @Nullable [] value) {
            listener.onRecord(new ConsumerRecord<>(topic, 0, nextOffset++, key, value));
        }
    }
}
