/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import io.levada.broker.log.producers.Admission;
import java.util.List;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a request or a timer comes to.
 *
 * @param records to append as one batch; none where nothing changes
 * @param reply given once the records, and all that the decision saw, are durable
 * @param producer whose transaction the records are part of, or null
 * @param outcome told what became of the records
 */
public record Decision<R>(
        List<SimpleRecord> records, R reply, @Nullable Producer producer, Outcome outcome) {
    public Decision {
        records = List.copyOf(records);
    }

    /** Changes nothing. */
    public static <R> Decision<R> reply(R reply) {
        return of(List.of(), reply);
    }

    public static <R> Decision<R> of(List<SimpleRecord> records, R reply) {
        return new Decision<>(records, reply, null, Outcome.IGNORED);
    }

    /** The same, with somebody who is told what became of it. */
    public Decision<R> then(Outcome told) {
        return new Decision<>(records, reply, producer, told);
    }

    /** The same as a part of a transaction: replayed at once, and ended by {@link Shard#replayMarker}. */
    public Decision<R> inTransactionOf(Producer transactional) {
        return new Decision<>(records, reply, transactional, outcome);
    }

    /** The same records with another reply. */
    public <T> Decision<T> with(T other) {
        return new Decision<>(records, other, producer, outcome);
    }

    /**
     * A transactional producer, as its batches name it.
     *
     * @param admission what {@link ShardRuntime#admit} gave before the transaction coordinator was asked, or null for who orders its own markers
     */
    public record Producer(long id, short epoch, @Nullable Admission admission) {
        public Producer(long id, short epoch) {
            this(id, epoch, null);
        }
    }
}
