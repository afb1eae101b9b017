/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.simulation.TransactionLedger.Fate;
import io.levada.broker.simulation.TransactionLedger.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What those who share a transactional id and a group know together. Each of their transactions turns some inputs into as many outputs and commits the offset after
 * those inputs: whatever goes wrong, an input has one committed output if it is below the committed offset, else none.
 */
final class TransformLedger {
    private static final Work NOTHING = new Work("", new Epoch(-1, (short) -1), 0, 0);
    private final String name;
    private final List<Work> works = new ArrayList<>();
    private final Map<Long, String> outputs = new HashMap<>();
    private long known;

    TransformLedger(String name) {
        this.name = name;
        NOTHING.transaction.is(Fate.COMMITTED);
    }

    /** A producer id with its epoch; a later one fences all earlier ones. */
    record Epoch(long producerId, short epoch) {
        boolean isBefore(Epoch other) {
            return producerId != other.producerId ? producerId < other.producerId : epoch < other.epoch;
        }
    }

    /** One transaction: the inputs from one offset to another. */
    static final class Work {
        private final String name;
        private final Epoch epoch;
        private final long from;
        private final long to;
        private final Transaction transaction = new Transaction();
        private boolean doomed;

        private Work(String name, Epoch epoch, long from, long to) {
            this.name = name;
            this.epoch = epoch;
            this.from = from;
            this.to = to;
        }

        long from() {
            return from;
        }

        long to() {
            return to;
        }

        Transaction transaction() {
            return transaction;
        }

        /** Each attempt at an input is told apart. */
        Value output(long input) {
            return new Value(name, input);
        }

        /** Its offsets were seen not to be pending: it must have been aborted. */
        void doomed() {
            doomed = true;
        }

        void asksToCommit() {
            if (transaction.isOpen()) {
                transaction.is(Fate.PERHAPS_COMMITTED);
            }
        }

        void is(Fate now) {
            Violation.unless(
                    now != Fate.COMMITTED || (transaction.fate() != Fate.ABORTED && !doomed),
                    () -> this + " is committed, though it was fenced or its offsets were not pending");
            Violation.unless(
                    now != Fate.ABORTED || transaction.fate() != Fate.COMMITTED,
                    () -> this + " is aborted, though its commit was answered");
            transaction.is(now);
        }

        @Override
        public String toString() {
            return "the transaction of " + name + " over " + from + ".." + to;
        }
    }

    /** Somebody got an epoch: no transaction of an earlier one is open any more. */
    void claimed(Epoch epoch) {
        works.stream()
                .filter(work -> work.epoch.isBefore(epoch) && work.transaction.isOpen())
                .forEach(work -> work.is(Fate.ABORTED));
    }

    /** Whoever has the epoch was told the committed offset, and asked for it after it had got the epoch: earlier transactions are decided, and this says how. */
    void resumed(Epoch epoch, long offset, long atLeast) {
        works.stream()
                .filter(work -> work.epoch.isBefore(epoch) && work.transaction.fate() == Fate.PERHAPS_COMMITTED)
                .forEach(work -> work.is(work.to <= offset ? Fate.COMMITTED : Fate.ABORTED));
        told(offset, atLeast);
    }

    /** Somebody was told the committed offset, and asked for it when it was known to be {@code atLeast}. */
    void told(long offset, long atLeast) {
        Violation.unless(offset >= atLeast, () -> name + " is at " + offset + ", it was at " + atLeast);
        Violation.unless(
                offset == 0 || works.stream().anyMatch(work -> work.to == offset && mayBeCommitted(work)),
                () -> name + " is at " + offset + ", which no transaction has committed");
        known = Math.max(known, offset);
    }

    private static boolean mayBeCommitted(Work work) {
        Fate fate = work.transaction.fate();
        return fate == Fate.COMMITTED || fate == Fate.PERHAPS_COMMITTED;
    }

    Work begins(Epoch epoch, long from, long to) {
        Work work = new Work(name + "." + works.size(), epoch, from, to);
        works.add(work);
        return work;
    }

    void committed(Work work) {
        work.is(Fate.COMMITTED);
        known = Math.max(known, work.to);
    }

    /** The committed offset that everybody who asks from now on must be told at least. */
    long known() {
        return known;
    }

    /** A reader of committed records found this output. */
    void readCommitted(Value value) {
        String before = outputs.putIfAbsent(value.number(), value.text());
        Violation.unless(
                before == null || before.equals(value.text()),
                () -> "input " + value.number() + " of " + name + " has the outputs '" + before + "' and '"
                        + value.text() + "'");
    }

    /** Everybody is done, and all that is committed was read: the transactions account for each input once. */
    void checkAll() {
        long next = 0;
        for (Work work : works) {
            Violation.unless(
                    work.transaction.fate() == Fate.COMMITTED || work.transaction.fate() == Fate.ABORTED,
                    () -> work + " has not ended");
            if (work.transaction.fate() == Fate.COMMITTED) {
                long expected = next;
                Violation.unless(work.from == expected, () -> work + " is committed after those up to " + expected);
                next = work.to;
            }
        }
        long end = next;
        Violation.unless(end == known, () -> name + " is at " + known + ", its transactions come to " + end);
        Violation.unless(
                outputs.keySet().stream().allMatch(input -> input < end),
                () -> name + " is at " + end + ", and there are outputs of later inputs: " + outputs);
    }
}
