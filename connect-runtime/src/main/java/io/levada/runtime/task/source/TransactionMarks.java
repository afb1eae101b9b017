/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.task.source.Boundary.Step;
import java.util.IdentityHashMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** Where a task wants its transactions to end. Guarded: the plugin may say so on any thread. */
final class TransactionMarks implements TransactionContext {
    private final IdentityHashMap<SourceRecord, Step> records = new IdentityHashMap<>();
    private Step batch = Step.GO_ON;

    @Override
    public synchronized void commitTransaction() {
        batch = decided(batch, Step.COMMIT);
    }

    @Override
    public synchronized void commitTransaction(SourceRecord record) {
        mark(record, Step.COMMIT);
    }

    @Override
    public synchronized void abortTransaction() {
        batch = decided(batch, Step.ABORT);
    }

    @Override
    public synchronized void abortTransaction(SourceRecord record) {
        mark(record, Step.ABORT);
    }

    private void mark(SourceRecord record, Step step) {
        if (record == null) {
            throw new IllegalArgumentException("The record after which a transaction ends must not be null");
        }
        records.put(record, decided(records.getOrDefault(record, Step.GO_ON), step));
    }

    private static Step decided(Step before, Step now) {
        if (before != Step.GO_ON && before != now) {
            throw new IllegalStateException("The task wants one transaction both committed and aborted");
        }
        return now;
    }

    synchronized Step take(SourceRecord record) {
        Step step = records.remove(record);
        return step == null ? Step.GO_ON : step;
    }

    synchronized Step takeBatch() {
        Step step = batch;
        batch = Step.GO_ON;
        return step;
    }
}
