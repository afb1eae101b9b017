/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.simulation.SourceLedger.Offset;
import io.levada.runtime.simulation.SourceLedger.Produced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/** Transactions as the brokers see them: by transactional id and epoch, aborted when they take too long. */
final class Transactions {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Fibers fibers;
    private final KeptTopic offsets;
    private final SourceLedger ledger;
    private final Map<String, Coordinated> ids = new HashMap<>();

    private static final class Coordinated {
        private int epoch;
        private @Nullable Open open;
    }

    private static final class Open {
        private final List<Produced> records = new ArrayList<>();
        private final List<OffsetRecord> offsets = new ArrayList<>();
    }

    private static final class OffsetRecord {
        private final byte[] key;
        private final byte @Nullable [] value;

        private OffsetRecord(byte[] key, byte @Nullable [] value) {
            this.key = key;
            this.value = value;
        }
    }

    Transactions(Fibers fibers, KeptTopic offsets, SourceLedger ledger) {
        this.fibers = fibers;
        this.offsets = offsets;
        this.ledger = ledger;
    }

    private Coordinated of(String id) {
        return ids.computeIfAbsent(id, first -> new Coordinated());
    }

    /** A producer begins its life, unless it is to go on as the one before; the epoch it has now. */
    int begin(String id, boolean fencing) {
        if (fencing) {
            fence(id);
        }
        return of(id).epoch;
    }

    /** What is open is aborted, and those who have the id so far can do nothing more with it. */
    void fence(String id) {
        Coordinated coordinated = of(id);
        fibers.trace().note(id + " is fenced" + (coordinated.open == null ? "" : ", its transaction aborted"));
        coordinated.open = null;
        coordinated.epoch++;
    }

    /** A record of the topic. */
    void append(String id, int epoch, Produced record) {
        open(id, epoch).records.add(record);
    }

    /** A record of the offset topic. */
    void append(String id, int epoch, byte[] key, byte @Nullable [] value) {
        open(id, epoch).offsets.add(new OffsetRecord(key, value));
    }

    private Open open(String id, int epoch) {
        Coordinated coordinated = of(id);
        if (coordinated.epoch != epoch) {
            throw new InvalidProducerEpochException("simulated: " + id + " is fenced");
        }
        Open open = coordinated.open;
        if (open == null) {
            Open begun = new Open();
            coordinated.open = begun;
            fibers.after(TIMEOUT_NANOS, () -> {
                if (coordinated.open == begun) {
                    fence(id);
                }
            });
            return begun;
        }
        return open;
    }

    /** The end of what is open. */
    void end(String id, int epoch, boolean commit) {
        Coordinated coordinated = of(id);
        if (coordinated.epoch != epoch) {
            throw new ProducerFencedException("simulated: " + id + " is fenced");
        }
        Open open = coordinated.open;
        coordinated.open = null;
        if (open != null && commit) {
            ledger.committed(
                    open.records,
                    open.offsets.stream()
                            .map(record -> Offset.of(record.key, record.value))
                            .toList());
            open.offsets.forEach(record -> offsets.add(record.key, record.value));
        }
    }
}
