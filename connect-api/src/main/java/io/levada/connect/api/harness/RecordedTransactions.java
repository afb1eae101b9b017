/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** The transaction boundaries a source task asked for (KIP-618), as text in the order of asking. */
public final class RecordedTransactions implements TransactionContext {
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /** {@code commit}, {@code abort}, {@code commit at {offset}}, {@code abort at {offset}}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void commitTransaction() {
        requests.add("commit");
    }

    @Override
    public void commitTransaction(SourceRecord last) {
        requests.add("commit at " + last.sourceOffset());
    }

    @Override
    public void abortTransaction() {
        requests.add("abort");
    }

    @Override
    public void abortTransaction(SourceRecord last) {
        requests.add("abort at " + last.sourceOffset());
    }
}
