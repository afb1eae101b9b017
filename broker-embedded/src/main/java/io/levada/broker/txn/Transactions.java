/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.LoggedRecord;
import io.levada.broker.coordinator.Shard;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Every transactional id, as the newest record about it says. */
final class Transactions implements Shard {
    private final Map<String, Transaction> byId = new TreeMap<>();
    private final ProducerIds ids;
    private final Runnable whenLoaded;

    /**
     * No transactions yet.
     *
     * @param ids told of every producer id that is found, so that none is given out again
     * @param whenLoaded runs when all that the log holds is known
     */
    Transactions(ProducerIds ids, Runnable whenLoaded) {
        this.ids = ids;
        this.whenLoaded = whenLoaded;
    }

    @Nullable
    Transaction find(String transactionalId) {
        return byId.get(transactionalId);
    }

    Map<String, Transaction> all() {
        return Map.copyOf(byId);
    }

    /** What a request about {@code transactionalId} is to write. */
    <R> Decision<Change<R>> decide(String transactionalId, Function<@Nullable Transaction, Change<R>> request) {
        Change<R> change = request.apply(find(transactionalId));
        Transaction next = change.next();
        List<SimpleRecord> records = next == null ? List.of() : List.of(TransactionRecords.of(transactionalId, next));
        return Decision.of(records, change);
    }

    /** Removes an id that nobody has used for long. */
    Decision<Boolean> expire(String transactionalId, long nowMs, long expirationMs) {
        Transaction present = find(transactionalId);
        return present != null && present.isExpired(nowMs, expirationMs)
                ? Decision.of(List.of(TransactionRecords.expired(transactionalId, nowMs)), true)
                : Decision.reply(false);
    }

    @Override
    public void replay(LoggedRecord record) {
        TransactionRecords.read(record, (transactionalId, transaction) -> {
            if (transaction == null) {
                byId.remove(transactionalId);
            } else {
                ids.passOver(transaction.producer().id());
                ids.passOver(transaction.nextProducerId());
                byId.put(transactionalId, transaction);
            }
        });
    }

    @Override
    public void loaded() {
        whenLoaded.run();
    }

    @Override
    public void unloaded(Predicate<String> keys) {
        byId.keySet().removeIf(keys);
    }
}
