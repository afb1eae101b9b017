/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The admissions of a partition that no batch and no marker has used up yet, one for each producer. Used under the partition's lock. */
final class Admissions {
    private final Map<Long, Admission> byProducer = new HashMap<>();

    Admission ask(long producerId, short producerEpoch, int baseSequence, boolean bumpsEpochs, long nowMs) {
        Admission pending = byProducer.get(producerId);
        if (pending == null || pending.producerEpoch() < producerEpoch) {
            pending = new Admission(producerEpoch, baseSequence, bumpsEpochs, nowMs);
            byProducer.put(producerId, pending);
        }
        pending.covers(baseSequence);
        return pending;
    }

    /** What the producer's batches wait for, if any do. */
    @Nullable
    Admission pending(long producerId) {
        return byProducer.get(producerId);
    }

    boolean allow(long producerId, short producerEpoch, @Nullable Admission admission) {
        return admission != null
                && admission == byProducer.get(producerId)
                && admission.producerEpoch() == producerEpoch;
    }

    /** A transactional batch or a marker of this producer was written: what was asked before is void. */
    void clear(long producerId) {
        byProducer.remove(producerId);
    }

    void expire(long nowMs, long expirationMs) {
        byProducer.values().removeIf(admission -> admission.isExpired(nowMs, expirationMs));
    }
}
