/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.segment.AbortedTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.requests.TransactionResult;

/** What a partition must look like: a list of batches, from which everything else is worked out anew each time. */
final class LogModel {
    private final List<Batch> batches = new ArrayList<>();
    /** Offsets of the records that compaction has taken out. */
    private final Set<Long> gone = new HashSet<>();

    long logStart;
    /** Offsets below were on disk when the disk stalled, or all are. */
    long highWatermark;

    enum Kind {
        PLAIN,
        IDEMPOTENT,
        TRANSACTIONAL,
        COMMIT,
        ABORT
    }

    record Batch(Kind kind, long base, long producer, int epoch, int sequence, List<String> values) {
        long next() {
            return base + (isMarker() ? 1 : values.size());
        }

        boolean isMarker() {
            return kind == Kind.COMMIT || kind == Kind.ABORT;
        }
    }

    /** What the batches make of one producer. */
    static final class Producer {
        int epoch;
        int nextSequence;
        long openSince = -1;
        List<Batch> sent = new ArrayList<>();
    }

    long end() {
        return batches.isEmpty() ? 0 : batches.get(batches.size() - 1).next();
    }

    void add(Batch batch) {
        batches.add(batch);
    }

    void cutAt(long offset) {
        batches.removeIf(batch -> batch.base() >= offset);
        gone.removeIf(taken -> taken >= offset);
        highWatermark = offset;
    }

    /** Compaction has left these values. Others are forgotten only where it may take them; the log must still have the rest. */
    void compactedTo(Set<String> left) {
        Set<Long> needless = needless();
        eachRecord((batch, offset, value) -> {
            if (needless.contains(offset) && !left.contains(value)) {
                gone.add(offset);
            }
        });
    }

    /** Below the last stable offset, what was aborted, and what a later committed record of the same key stands for. */
    private Set<Long> needless() {
        List<AbortedTransaction> aborted = aborted();
        long stable = lastStable();
        Map<String, Long> newest = new HashMap<>();
        Set<Long> needless = new HashSet<>();
        eachRecord((batch, offset, value) -> {
            if (offset < stable && isAborted(batch, offset, aborted)) {
                needless.add(offset);
            } else if (offset < stable) {
                Long older = newest.put(key(value), offset);
                if (older != null) {
                    needless.add(older);
                }
            }
        });
        return needless;
    }

    boolean isCompacted() {
        return !gone.isEmpty();
    }

    /** Whether compaction has left a record of a transaction. */
    boolean hasRecords(AbortedTransaction transaction) {
        List<Long> left = new ArrayList<>();
        eachRecord((batch, offset, value) -> {
            if (isAborted(batch, offset, List.of(transaction)) && !gone.contains(offset)) {
                left.add(offset);
            }
        });
        return !left.isEmpty();
    }

    /** A value, which ends in its number, tells its key. */
    static String key(String value) {
        return "key " + value.charAt(value.length() - 1) % 3;
    }

    /** Something done with a record. */
    @FunctionalInterface
    private interface Visit {
        void record(Batch batch, long offset, String value);
    }

    private void eachRecord(Visit visit) {
        for (Batch batch : batches) {
            for (int i = 0; i < batch.values().size(); i++) {
                visit.record(batch, batch.base() + i, batch.values().get(i));
            }
        }
    }

    private static boolean isAborted(Batch batch, long offset, List<AbortedTransaction> aborted) {
        return batch.kind() == Kind.TRANSACTIONAL
                && aborted.stream()
                        .anyMatch(transaction -> transaction.producerId() == batch.producer()
                                && transaction.touches(offset, offset + 1));
    }

    Producer producer(long id) {
        return producers(batches).getOrDefault(id, new Producer());
    }

    private static Map<Long, Producer> producers(List<Batch> batches) {
        Map<Long, Producer> all = new TreeMap<>();
        for (Batch batch : batches) {
            if (batch.kind() != Kind.PLAIN) {
                apply(batch, all.computeIfAbsent(batch.producer(), id -> new Producer()));
            }
        }
        return all;
    }

    private static void apply(Batch batch, Producer producer) {
        if (batch.epoch() != producer.epoch) {
            producer.epoch = batch.epoch();
            producer.nextSequence = 0;
            producer.sent.clear();
        }
        if (batch.isMarker()) {
            producer.openSince = -1;
            return;
        }
        producer.nextSequence = batch.sequence() + batch.values().size();
        producer.sent.add(batch);
        if (batch.kind() == Kind.TRANSACTIONAL && producer.openSince < 0) {
            producer.openSince = batch.base();
        }
    }

    /** A transaction counts as open as long as its marker is not below the high watermark. */
    long lastStable() {
        List<Batch> safe =
                batches.stream().filter(batch -> batch.next() <= highWatermark).toList();
        return Math.max(logStart, oldestOpen(safe, highWatermark));
    }

    private static long oldestOpen(List<Batch> batches, long otherwise) {
        return producers(batches).values().stream()
                .mapToLong(producer -> producer.openSince)
                .filter(since -> since >= 0)
                .min()
                .orElse(otherwise);
    }

    List<String> values() {
        return valuesBelow(highWatermark, List.of());
    }

    List<String> committed() {
        return valuesBelow(lastStable(), aborted());
    }

    private List<String> valuesBelow(long end, List<AbortedTransaction> aborted) {
        List<String> values = new ArrayList<>();
        eachRecord((batch, offset, value) -> {
            boolean hidden = gone.contains(offset) || isAborted(batch, offset, aborted);
            if (offset >= logStart && offset < end && !hidden) {
                values.add(value);
            }
        });
        return values;
    }

    /** What the transaction indexes hold, were no segment ever deleted or compacted. */
    List<AbortedTransaction> aborted() {
        List<AbortedTransaction> aborted = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            Batch batch = batches.get(i);
            long since = producers(batches.subList(0, i)).getOrDefault(batch.producer(), new Producer()).openSince;
            if (batch.kind() == Kind.ABORT && since >= 0) {
                long stable = oldestOpen(batches.subList(0, i + 1), batch.next());
                aborted.add(new AbortedTransaction(batch.producer(), since, batch.base(), stable));
            }
        }
        return aborted;
    }

    boolean isBoundary(long offset) {
        return offset == 0 || batches.stream().anyMatch(batch -> batch.next() == offset);
    }

    static TransactionResult result(Kind kind) {
        return kind == Kind.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT;
    }
}
