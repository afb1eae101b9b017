/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.clean.CleanerConfig;
import io.levada.broker.clean.LogCleaner;
import io.levada.broker.log.LogModel.Batch;
import io.levada.broker.log.LogModel.Kind;
import io.levada.broker.log.LogModel.Producer;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.log.segment.AbortedTransaction;
import io.levada.broker.log.segment.TransactionIndex;
import io.levada.broker.simulation.SimulatedThreads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A partition that is written, read, pruned, compacted, stopped, killed and robbed of what was not forced is at each moment what a simple model says, at both
 * isolations; and so are its transaction indexes, those written as well as those rebuilt. jqwik prints the seed of a failure.
 */
class LogModelProperties {
    private static final LogConfig DELETES = config("cleanup.policy", "delete");
    private static final LogConfig COMPACTS = config(
            "cleanup.policy",
            "compact,delete",
            "min.cleanable.dirty.ratio",
            "0",
            "delete.retention.ms",
            "" + TimeUnit.MINUTES.toMillis(10));
    private static final CleanerConfig CLEANER =
            new CleanerConfig(true, 1, 1 << 20, 0.9, Double.MAX_VALUE, Duration.ofMillis(1));

    private static LogConfig config(String... more) {
        List<String> all = new ArrayList<>(
                List.of("segment.bytes", "1024", "index.interval.bytes", "100", "retention.ms", "1000000"));
        all.addAll(List.of(more));
        return LogFixture.config(all.toArray(String[]::new));
    }

    private enum Step {
        PLAIN,
        IDEMPOTENT,
        TRANSACTIONAL,
        COMMIT,
        ABORT,
        DUPLICATE,
        STALL,
        FLUSH,
        DELETE_RECORDS,
        RETAIN,
        COMPACT,
        REOPEN,
        KILL,
        POWER_CUT
    }

    /** One step; what the numbers mean depends on it. */
    private record Action(Step step, int producer, int number) {}

    @Provide
    Arbitrary<List<Action>> histories() {
        return histories(0);
    }

    @Provide
    Arbitrary<List<Action>> compactedHistories() {
        return histories(5);
    }

    private static Arbitrary<List<Action>> histories(int compactions) {
        Arbitrary<Step> step = Arbitraries.frequency(
                Tuple.of(compactions, Step.COMPACT),
                Tuple.of(3, Step.PLAIN),
                Tuple.of(3, Step.IDEMPOTENT),
                Tuple.of(8, Step.TRANSACTIONAL),
                Tuple.of(3, Step.COMMIT),
                Tuple.of(4, Step.ABORT),
                Tuple.of(2, Step.DUPLICATE),
                Tuple.of(2, Step.STALL),
                Tuple.of(2, Step.FLUSH),
                Tuple.of(1, Step.DELETE_RECORDS),
                Tuple.of(1, Step.RETAIN),
                Tuple.of(1, Step.REOPEN),
                Tuple.of(1, Step.KILL),
                Tuple.of(2, Step.POWER_CUT));
        return Combinators.combine(
                        step,
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 99))
                .as(Action::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(70);
    }

    @Property(tries = 30, shrinking = ShrinkingMode.BOUNDED)
    void thePartitionIsWhatTheModelSays(@ForAll("histories") List<Action> actions) throws Exception {
        try (World world = new World(DELETES, 0)) {
            world.live(actions);
        }
    }

    @Property(tries = 20, shrinking = ShrinkingMode.BOUNDED)
    void aCompactedPartitionIsWhatTheModelSays(@ForAll("compactedHistories") List<Action> actions) throws Exception {
        try (World world = new World(COMPACTS, 150)) {
            world.live(actions);
            Statistics.label("compacted")
                    .collect(world.model.isCompacted())
                    .coverage(checker -> checker.check(true).count(tries -> tries > 0));
        }
    }

    private static final class World implements AutoCloseable {
        private final LogConfig config;
        private final String padding;
        private final Path all = Files.createTempDirectory("model");
        private final ManualClock clock = new ManualClock();
        private final LogModel model = new LogModel();
        private Path dir = all.resolve("0");
        private FaultyFiles files = new FaultyFiles();
        private LogDirectory directory;
        private boolean stalled;
        private int lives;
        private int written;

        /** Values are longer by {@code padding}, so that more segments are sealed. */
        World(LogConfig config, int padding) throws IOException {
            this.config = config;
            this.padding = "x".repeat(padding);
            directory = open();
            directory.create(LogFixture.ORDERS, Uuid.randomUuid(), config);
        }

        void live(List<Action> actions) throws Exception {
            for (Action action : actions) {
                perform(action);
                agree(action.number);
            }
            reopen();
            agree(0);
        }

        private LogDirectory open() {
            return LogDirectory.open(dir, config, LogOptions.of(FlushPolicy.FSYNC), clock, files);
        }

        private PartitionLog log() {
            return directory.log(LogFixture.ORDERS).orElseThrow();
        }

        private Path folder() {
            return dir.resolve("orders-0");
        }

        private void perform(Action action) throws Exception {
            Producer producer = model.producer(action.producer);
            switch (action.step) {
                case PLAIN -> append(Kind.PLAIN, action, producer);
                case IDEMPOTENT ->
                    append(producer.openSince < 0 ? Kind.IDEMPOTENT : Kind.TRANSACTIONAL, action, producer);
                case TRANSACTIONAL -> append(Kind.TRANSACTIONAL, action, producer);
                case COMMIT -> end(Kind.COMMIT, action, producer);
                case ABORT -> end(Kind.ABORT, action, producer);
                case DUPLICATE -> sendAgain(producer);
                case STALL -> stall();
                case FLUSH -> settle();
                case DELETE_RECORDS -> deleteRecords(action.number);
                case RETAIN -> retain();
                case COMPACT -> compact();
                case REOPEN -> reopen();
                case KILL -> crash(false);
                case POWER_CUT -> crash(true);
            }
        }

        private void append(Kind kind, Action action, Producer producer) throws Exception {
            List<String> values = IntStream.rangeClosed(0, action.number % 3)
                    .mapToObj(i -> padding + "value " + written++)
                    .toList();
            Batch batch = new Batch(kind, model.end(), action.producer, producer.epoch, producer.nextSequence, values);
            MemoryRecords records = records(batch);
            Admission admission = kind == Kind.TRANSACTIONAL
                    ? log().admit(
                                    batch.producer(),
                                    (short) batch.epoch(),
                                    batch.sequence(),
                                    TransactionVersion.BUMPS_EPOCHS)
                    : null;
            Appended appended = log().append(records, AppendOrigin.CLIENT, admission);
            assertThat(appended.baseOffset()).isEqualTo(batch.base());
            assertThat(appended.duplicate()).isFalse();
            model.add(batch);
            unlessStalled();
        }

        private MemoryRecords records(Batch batch) {
            SimpleRecord[] records = batch.values().stream()
                    .map(value -> new SimpleRecord(clock.millis(), bytes(LogModel.key(value)), bytes(value)))
                    .toArray(SimpleRecord[]::new);
            return switch (batch.kind()) {
                case PLAIN -> MemoryRecords.withRecords(Compression.NONE, records);
                case IDEMPOTENT ->
                    MemoryRecords.withIdempotentRecords(
                            Compression.NONE, batch.producer(), (short) batch.epoch(), batch.sequence(), records);
                default ->
                    MemoryRecords.withTransactionalRecords(
                            Compression.NONE, batch.producer(), (short) batch.epoch(), batch.sequence(), records);
            };
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        /** With the epoch of the transaction or, as since KIP-890, the next one. */
        private void end(Kind kind, Action action, Producer producer) throws Exception {
            int epoch = producer.epoch + action.number % 2;
            Batch marker = new Batch(kind, model.end(), action.producer, epoch, -1, List.of());
            Appended appended = log().endTransaction(action.producer, (short) epoch, 0, LogModel.result(kind));
            assertThat(appended.baseOffset()).isEqualTo(marker.base());
            model.add(marker);
            unlessStalled();
        }

        private void sendAgain(Producer producer) {
            if (!producer.sent.isEmpty()) {
                Batch last = producer.sent.get(producer.sent.size() - 1);
                Appended again = log().append(records(last));
                assertThat(again.duplicate()).isTrue();
                assertThat(again.baseOffset()).isEqualTo(last.base());
            }
        }

        private void stall() throws Exception {
            settle();
            files.stall();
            stalled = true;
        }

        private void settle() throws Exception {
            files.go();
            stalled = false;
            unlessStalled();
        }

        private void unlessStalled() throws Exception {
            if (!stalled) {
                log().durable(log().logEndOffset()).get(120, TimeUnit.SECONDS);
                model.highWatermark = model.end();
            }
        }

        private void deleteRecords(int percent) {
            long to = model.logStart + (model.highWatermark - model.logStart) * percent / 100;
            log().advanceLogStartOffset(to);
            model.logStart = to;
        }

        private void retain() throws Exception {
            settle();
            clock.advance(Duration.ofMinutes(10));
            new Retention(directory).run();
            long start = log().logStartOffset();
            assertThat(start).isGreaterThanOrEqualTo(model.logStart);
            assertThat(start == model.logStart || model.isBoundary(start)).isTrue();
            model.logStart = start;
        }

        /** One pass of the cleaner, from its beginning to its end. What it may not take is missed when the model is asked. */
        private void compact() throws Exception {
            settle();
            try (LogCleaner cleaner = LogCleaner.start(directory, CLEANER, clock, SimulatedThreads.inline())) {
                assertThat(cleaner).isNotNull();
            }
            model.compactedTo(Set.copyOf(LogFixture.values(log())));
        }

        private void reopen() throws Exception {
            settle();
            directory.close();
            agreeOnIndexes();
            directory = open();
        }

        /** Goes on with the files as they are at this moment; a power cut takes from them what was not forced. */
        private void crash(boolean powerCut) throws Exception {
            Path next = all.resolve("" + ++lives);
            copy(dir, next);
            if (powerCut) {
                files.cutPower(dir, next);
            }
            files.go();
            stalled = false;
            directory.close();
            dir = next;
            files = new FaultyFiles();
            directory = open();
            long end = log().logEndOffset();
            assertThat(end).isBetween(powerCut ? model.highWatermark : model.end(), model.end());
            assertThat(model.isBoundary(end)).isTrue();
            model.cutAt(end);
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> walk = Files.walk(from)) {
                for (Path file : walk.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }

        private void agree(int number) {
            PartitionLog log = log();
            assertThat(log.logStartOffset()).isEqualTo(model.logStart);
            assertThat(log.logEndOffset()).isEqualTo(model.end());
            assertThat(log.highWatermark()).isEqualTo(model.highWatermark);
            assertThat(log.lastStableOffset()).isEqualTo(model.lastStable());
            assertThat(LogFixture.values(log)).isEqualTo(model.values());
            assertThat(LogFixture.committed(log, 1 + 40 * number)).isEqualTo(model.committed());
            for (long id = 1; id <= 4; id++) {
                Producer producer = model.producer(id);
                assertThat(log.hasOpenTransaction(id, (short) producer.epoch)).isEqualTo(producer.openSince >= 0);
            }
        }

        private void agreeOnIndexes() throws IOException {
            List<AbortedTransaction> indexed = new ArrayList<>();
            long first = Long.MAX_VALUE;
            try (Stream<Path> list = Files.list(folder())) {
                for (Path file : list.sorted().toList()) {
                    OptionalLong segment = LogFileNames.offset(file, LogFileNames.LOG);
                    if (segment.isPresent()) {
                        first = Math.min(first, segment.getAsLong());
                        indexed.addAll(TransactionIndex.open(
                                        LogFileNames.file(folder(), segment.getAsLong(), ".txnindex"),
                                        segment.getAsLong())
                                .all());
                    }
                }
            }
            long begin = first;
            List<AbortedTransaction> aborted = model.aborted().stream()
                    .filter(transaction -> transaction.lastOffset() >= begin)
                    .toList();
            if (model.isCompacted()) {
                agreeOnMarkers(indexed, aborted);
            } else {
                assertThat(indexed).isEqualTo(aborted);
            }
        }

        /** A transaction of which nothing is left may be left out, and others count from what was left of them where the index was made anew. */
        private void agreeOnMarkers(List<AbortedTransaction> indexed, List<AbortedTransaction> aborted) {
            assertThat(aborted)
                    .extracting(AbortedTransaction::lastOffset)
                    .containsAll(
                            indexed.stream().map(AbortedTransaction::lastOffset).toList());
            assertThat(indexed)
                    .extracting(AbortedTransaction::lastOffset)
                    .isSorted()
                    .containsAll(aborted.stream()
                            .filter(model::hasRecords)
                            .map(AbortedTransaction::lastOffset)
                            .toList());
        }

        @Override
        public void close() throws IOException {
            files.go();
            directory.close();
            try (Stream<Path> walk = Files.walk(all)) {
                for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
