/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What is known of every transaction: what it wrote, how it was to end, how it ended. Readers of committed records may see all of it or nothing. */
final class TransactionLedger {
    private final Map<String, Transaction> byValue = new HashMap<>();
    private final Set<String> seenAtLast = new HashSet<>();

    /** How a transaction ends, as far as its producer knows. */
    enum Fate {
        OPEN,
        /** Asked for; it may have come to pass. */
        PERHAPS_COMMITTED,
        COMMITTED,
        ABORTED
    }

    /** One transaction, known to its producer and this ledger. */
    static final class Transaction {
        private final Map<String, Place> written = new LinkedHashMap<>();
        private Fate fate = Fate.OPEN;
        private boolean seen;

        private record Place(PartitionLedger partition, long offset) {}

        boolean isOpen() {
            return fate == Fate.OPEN;
        }

        Fate fate() {
            return fate;
        }

        void is(Fate now) {
            Violation.unless(
                    now != Fate.ABORTED || !seen,
                    () -> "a transaction was seen as committed and is aborted: " + written.keySet());
            fate = now;
        }
    }

    void sent(Transaction transaction, Value value) {
        byValue.put(value.text(), transaction);
    }

    void written(Transaction transaction, Value value, PartitionLedger partition, long offset) {
        transaction.written.put(value.text(), new Transaction.Place(partition, offset));
    }

    /** A reader of committed records found this. */
    void readCommitted(String text, boolean isLastRound) {
        Transaction transaction = byValue.get(text);
        if (transaction != null) {
            Violation.unless(
                    transaction.fate == Fate.COMMITTED || transaction.fate == Fate.PERHAPS_COMMITTED,
                    () -> "'" + text + "' was read as committed, its transaction is " + transaction.fate);
            transaction.seen = true;
            if (isLastRound) {
                seenAtLast.add(text);
            }
        }
    }

    /** Everybody is done, and one reader of committed records has read it all. */
    void checkAll() {
        for (Transaction transaction : new HashSet<>(byValue.values())) {
            if (transaction.fate == Fate.COMMITTED || transaction.seen) {
                transaction.written.forEach((text, place) -> Violation.unless(
                        seenAtLast.contains(text) || place.partition.mayHaveBegunAfter(place.offset),
                        () -> "'" + text + "' at " + place.partition + "@" + place.offset
                                + " is missing, its transaction is " + transaction.fate + " and wrote "
                                + transaction.written.keySet()));
            }
        }
    }
}
