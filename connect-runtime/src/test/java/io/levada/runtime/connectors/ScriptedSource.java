/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Its task does what a test says, and the test sees in which order it was called. */
public final class ScriptedSource extends SourceConnector {
    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

    private Map<String, String> config = Map.of();

    /** One task as its test wants it. */
    public static final class Script {
        /** What {@code poll()} gives, throws or, giving null, says of its transaction next; while empty it waits a little and gives null. */
        public final BlockingQueue<Object> polls = new LinkedBlockingQueue<>();
        /** What was called, in order; a commit of a record with its value. */
        public final List<String> calls = new CopyOnWriteArrayList<>();
        /** Whether {@code poll()} comes back only when {@link #released} is counted down, once it has nothing to give. */
        public volatile boolean hangs;
        /** Opened by {@code stop()}, or by the test. */
        public final CountDownLatch released = new CountDownLatch(1);
        /** Whether {@code stop()} opens it. */
        public volatile boolean stopReleases = true;
        /** Counted down when {@code poll()} hangs. */
        public final CountDownLatch hanging = new CountDownLatch(1);

        public volatile @Nullable RuntimeException failsAtStart;
        public volatile @Nullable Throwable failsAtCommit;
        public volatile @Nullable RuntimeException failsAtCommitRecord;
        public volatile @Nullable Error failsAtStop;

        public Script(String name) {
            SCRIPTS.put(name, this);
        }

        /** The next poll gives records with these numbers as value and offset. */
        public void poll(long... numbers) {
            polls.add(records(numbers));
        }

        /** The next poll gives nothing and ends the transaction, which {@code transaction.boundary=connector} lets it do. */
        public void commitTransaction() {
            polls.add((Consumer<TransactionContext>) TransactionContext::commitTransaction);
        }

        /** The next poll gives nothing and wants undone what its transaction holds. */
        public void abortTransaction() {
            polls.add((Consumer<TransactionContext>) TransactionContext::abortTransaction);
        }

        public List<SourceRecord> records(long... numbers) {
            return Arrays.stream(numbers)
                    .mapToObj(number -> new SourceRecord(
                            Map.of("only", "one"),
                            Map.of("n", number),
                            "lines",
                            null,
                            null,
                            null,
                            Schema.STRING_SCHEMA,
                            String.valueOf(number)))
                    .toList();
        }
    }

    @Override
    public void start(Map<String, String> props) {
        config = props;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ScriptedTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(config);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return new ConfigDef().define("script", ConfigDef.Type.STRING, "", ConfigDef.Importance.HIGH, "Whose.");
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> connectorConfig) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    @Override
    public String version() {
        return "1";
    }

    /** Plays the script that its config names. */
    public static final class ScriptedTask extends SourceTask {
        @SuppressWarnings("NullAway.Init") // Set by start().
        private Script script;

        @Override
        public void start(Map<String, String> props) {
            script = SCRIPTS.getOrDefault(props.getOrDefault("script", ""), new Script("none"));
            script.calls.add("start");
            if (script.failsAtStart != null) {
                throw script.failsAtStart;
            }
        }

        @Override
        @SuppressWarnings("unchecked") // What tests put there.
        public @Nullable List<SourceRecord> poll() throws InterruptedException {
            Object next = script.polls.poll(script.hangs ? 0 : 5, TimeUnit.MILLISECONDS);
            if (next == null && script.hangs) {
                script.hanging.countDown();
                awaitUninterruptibly(script.released);
                script.hangs = false;
                next = script.polls.poll();
            }
            if (next instanceof Throwable failure) {
                throwAnything(failure);
            }
            if (next instanceof Consumer<?> mark) {
                ((Consumer<TransactionContext>) mark).accept(context.transactionContext());
                return null;
            }
            return (List<SourceRecord>) next;
        }

        private static void awaitUninterruptibly(CountDownLatch latch) {
            while (true) {
                try {
                    latch.await();
                    return;
                } catch (InterruptedException ignored) {
                    // A plugin that does not hear of it.
                }
            }
        }

        @SuppressWarnings("unchecked") // On purpose: as plugins in Scala and Kotlin do.
        private static <E extends Throwable> void throwAnything(Throwable failure) throws E {
            throw (E) failure;
        }

        @Override
        public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
            script.calls.add((metadata == null ? "dropped " : "record ") + record.value());
            if (script.failsAtCommitRecord != null) {
                throw script.failsAtCommitRecord;
            }
        }

        @Override
        public void commit() {
            script.calls.add("commit");
            if (script.failsAtCommit != null) {
                throwAnything(script.failsAtCommit);
            }
        }

        @Override
        public void stop() {
            script.calls.add("stop");
            if (script.stopReleases) {
                script.released.countDown();
            }
            if (script.failsAtStop != null) {
                throw script.failsAtStop;
            }
        }

        @Override
        public String version() {
            return "1";
        }
    }
}
