/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.segment.AbortedTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.requests.TransactionResult;

/** What a partition must look like: a list of batches, from which everything else is worked out anew each time. */
final class LogModel {
    private final List<Batch> batches = new ArrayList<>();
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
        highWatermark = offset;
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
        for (Batch batch : batches) {
            for (int i = 0; i < batch.values().size(); i++) {
                long offset = batch.base() + i;
                boolean gone = batch.kind() == Kind.TRANSACTIONAL
                        && aborted.stream()
                                .anyMatch(transaction -> transaction.producerId() == batch.producer()
                                        && transaction.touches(offset, offset + 1));
                if (offset >= logStart && offset < end && !gone) {
                    values.add(batch.values().get(i));
                }
            }
        }
        return values;
    }

    /** What the transaction indexes hold, were no segment ever deleted. */
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
