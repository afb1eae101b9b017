/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * What happens to records that cannot be written: they go to the errant record reporter (KIP-610) if the worker has one, and
 * fail the task if it has none. The worker waits for the reports before it commits offsets.
 */
final class BadRecords {
    private final @Nullable ErrantRecordReporter reporter;
    private final FormatOptions.NullValues nullValues;

    BadRecords(@Nullable ErrantRecordReporter reporter, FormatOptions format) {
        this.reporter = reporter;
        this.nullValues = format.nullValues();
    }

    /** Hands the record to {@code writer} and tells whether it was taken; if not, it is reported, or to be ignored. */
    boolean passes(SinkRecord record, Consumer<SinkRecord> writer) {
        if (record.value() == null && nullValues == FormatOptions.NullValues.IGNORE) {
            return false;
        }
        try {
            if (record.value() == null) {
                throw new DataException("The record has no value; set behavior.on.null.values=ignore to leave it out");
            }
            writer.accept(record);
            return true;
        } catch (DataException e) {
            report(record, e);
            return false;
        }
    }

    private void report(SinkRecord record, DataException error) {
        if (reporter == null) {
            throw new DataException(
                    "Cannot write record " + record.originalTopic() + "-" + record.originalKafkaPartition() + "@"
                            + record.originalKafkaOffset() + ": " + error.getMessage(),
                    error);
        }
        Future<Void> reported = reporter.report(record, error);
        if (reported.isCancelled()) {
            throw new DataException("The report of a bad record was cancelled", error);
        }
    }
}
