/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.clean.CleanedLog.Seen;
import io.levada.broker.log.producers.ProducerDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** Whatever is written, aborted, compacted and restarted in whatever order: a log means the same as one that is never compacted. */
class CompactionProperties {
    private static final long RETENTION_MS = 60_000;

    @Property(tries = 12)
    void aCompactedLogMeansWhatItMeantBefore(@ForAll long seed, @ForAll @IntRange(min = 4, max = 400) int mapSlots)
            throws IOException {
        Path dir = Files.createTempDirectory("compaction");
        CleanerConfig limits = new CleanerConfig(true, 1, 24L * mapSlots, 0.9, Double.MAX_VALUE, Duration.ofMillis(1));
        try (CleanedLog log = new CleanedLog(dir, limits, "delete.retention.ms", "" + RETENTION_MS)) {
            new Run(log, new Random(seed)).run();
        }
        Utils.delete(dir.toFile());
    }

    /** The log, and beside it everything that was ever written. */
    private static final class Run {
        private final CleanedLog log;
        private final Random random;
        private final Map<Long, Seen> written = new TreeMap<>();
        private final Map<Long, Boolean> aborted = new HashMap<>();
        private final Map<Integer, Integer> sequences = new HashMap<>();
        private final Map<Integer, List<Long>> open = new HashMap<>();
        private int counter;

        Run(CleanedLog log, Random random) {
            this.log = log;
            this.random = random;
        }

        void run() {
            for (int i = 0; i < 150; i++) {
                step();
            }
            List.copyOf(open.keySet()).forEach(producer -> end(producer, random.nextBoolean()));
            log.fillSegments();
            log.clean();
            check();
        }

        private void step() {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> plain();
                case 4, 5 -> idempotent();
                case 6, 7, 8 -> transactional();
                case 9, 10 -> endOne();
                case 11 -> log.advance(Duration.ofMillis(random.nextInt((int) RETENTION_MS)));
                case 12 -> clean();
                default -> restart();
            }
        }

        private SimpleRecord[] records() {
            SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(5)];
            for (int i = 0; i < records.length; i++) {
                String value = random.nextInt(5) == 0 ? null : "value " + counter++ + "x".repeat(random.nextInt(60));
                records[i] = log.record("k" + random.nextInt(12), value);
            }
            return records;
        }

        private List<Long> note(long baseOffset, SimpleRecord[] records) {
            List<Long> offsets = new ArrayList<>();
            for (int i = 0; i < records.length; i++) {
                written.put(baseOffset + i, seen(baseOffset + i, records[i]));
                offsets.add(baseOffset + i);
            }
            return offsets;
        }

        private static Seen seen(long offset, SimpleRecord record) {
            String value = record.value() == null
                    ? null
                    : new String(Utils.toArray(record.value()), java.nio.charset.StandardCharsets.UTF_8);
            return new Seen(
                    offset, new String(Utils.toArray(record.key()), java.nio.charset.StandardCharsets.UTF_8), value);
        }

        private void plain() {
            CompressionType[] types = CompressionType.values();
            SimpleRecord[] records = records();
            note(log.put(Compression.of(types[random.nextInt(types.length)]).build(), records), records);
        }

        private void idempotent() {
            int producer = 1 + random.nextInt(3);
            SimpleRecord[] records = records();
            int sequence = sequences.merge(producer, records.length, Integer::sum) - records.length;
            note(log.putIdempotent(producer, sequence, records), records);
        }

        private void transactional() {
            int producer = 10 + random.nextInt(3);
            SimpleRecord[] records = records();
            int sequence = sequences.merge(producer, records.length, Integer::sum) - records.length;
            open.computeIfAbsent(producer, id -> new ArrayList<>())
                    .addAll(note(log.putInTransaction(producer, sequence, records), records));
        }

        private void endOne() {
            open.keySet().stream().findAny().ifPresent(producer -> end(producer, random.nextBoolean()));
        }

        private void end(int producer, boolean commit) {
            log.end(producer, commit);
            open.getOrDefault(producer, List.of()).forEach(offset -> aborted.put(offset, !commit));
            open.remove(producer);
        }

        private void clean() {
            Map<String, String> before = log.table();
            log.clean();
            assertThat(log.table()).isEqualTo(before);
            check();
        }

        private void restart() {
            var producers = producers();
            log.restart(random.nextBoolean());
            assertThat(producers()).isEqualTo(producers);
            check();
        }

        private Map<Long, List<Long>> producers() {
            return log.log().producers().stream()
                    .collect(Collectors.toMap(
                            ProducerDescription::producerId,
                            each -> List.of((long) each.lastSequence(), each.openTransactionOffset())));
        }

        private void check() {
            List<Seen> uncommitted = log.read(IsolationLevel.READ_UNCOMMITTED);
            assertThat(uncommitted).isSortedAccordingTo(java.util.Comparator.comparingLong(Seen::offset));
            uncommitted.stream()
                    .filter(seen -> !seen.key().equals("filler"))
                    .forEach(seen -> assertThat(seen).isEqualTo(written.get(seen.offset())));
            long stable = log.log().lastStableOffset();
            Map<String, String> table = new LinkedHashMap<>();
            written.forEach((offset, seen) -> {
                if (offset < stable && !aborted.getOrDefault(offset, false)) {
                    if (seen.value() == null) {
                        table.remove(seen.key());
                    } else {
                        table.put(seen.key(), seen.value());
                    }
                }
            });
            Map<String, String> read = new HashMap<>(log.table());
            read.remove("filler");
            assertThat(read).isEqualTo(table);
        }
    }
}
