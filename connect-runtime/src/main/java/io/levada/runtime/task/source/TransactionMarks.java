/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.task.source.Boundary.Verdict;
import java.util.IdentityHashMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** Where a task wants its transactions to end. Guarded: the plugin may say so on any thread. */
final class TransactionMarks implements TransactionContext {
    private final IdentityHashMap<SourceRecord, Verdict> records = new IdentityHashMap<>();
    private Verdict batch = Verdict.GO_ON;

    @Override
    public synchronized void commitTransaction() {
        batch = decided(batch, Verdict.COMMIT);
    }

    @Override
    public synchronized void commitTransaction(SourceRecord record) {
        mark(record, Verdict.COMMIT);
    }

    @Override
    public synchronized void abortTransaction() {
        batch = decided(batch, Verdict.ABORT);
    }

    @Override
    public synchronized void abortTransaction(SourceRecord record) {
        mark(record, Verdict.ABORT);
    }

    private void mark(SourceRecord record, Verdict verdict) {
        if (record == null) {
            throw new IllegalArgumentException("The record after which a transaction ends must not be null");
        }
        records.put(record, decided(records.getOrDefault(record, Verdict.GO_ON), verdict));
    }

    private static Verdict decided(Verdict before, Verdict now) {
        if (before != Verdict.GO_ON && before != now) {
            throw new IllegalStateException("The task wants one transaction both committed and aborted");
        }
        return now;
    }

    synchronized Verdict take(SourceRecord record) {
        Verdict verdict = records.remove(record);
        return verdict == null ? Verdict.GO_ON : verdict;
    }

    synchronized Verdict takeBatch() {
        Verdict verdict = batch;
        batch = Verdict.GO_ON;
        return verdict;
    }
}
