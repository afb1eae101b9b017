/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Gathers records and hands them over, batch by batch; reports to the server while there is no room. Used by the capturing thread. */
final class Batches {

    /** A batch is never larger than this part of what may wait. */
    private static final int IN_QUEUE = 8;

    private final Handover handover;
    private final Reporter reporter;
    private final CaptureMeters meters;
    private final LargeRecords large;
    private final int recordsMax;
    private final long bytesMax;
    private List<SourceRecord> filling = new ArrayList<>();
    private long bytes;
    private @Nullable CdcOffset handedOver;

    /** How many of the last records were made of the message whose bytes come next. */
    private int ofMessage;

    private Completion completion = () -> {};

    /** What records still need before they are handed over. */
    @FunctionalInterface
    interface Completion {
        void complete() throws SQLException;
    }

    /** @param handedOver the offset of the last record that was handed over before; null if there is none */
    Batches(
            Handover handover,
            Reporter reporter,
            CaptureMeters meters,
            FlowOptions options,
            LargeRecords large,
            @Nullable CdcOffset handedOver) {
        this.handover = handover;
        this.reporter = reporter;
        this.meters = meters;
        this.recordsMax = options.batchSize();
        this.bytesMax = options.queueBytes() == 0 ? Long.MAX_VALUE : Math.max(1, options.queueBytes() / IN_QUEUE);
        this.large = large;
        this.handedOver = handedOver;
    }

    /** Sets what is done before each handing over, for all records so far. */
    void beforeHandOver(Completion what) {
        completion = what;
    }

    void add(SourceRecord record) {
        filling.add(record);
        ofMessage++;
    }

    /** Bytes of a message, after the records that were made of it. */
    void addBytes(long more) {
        bytes += more;
        for (int i = Math.max(0, filling.size() - ofMessage); i < filling.size(); i++) {
            large.look(filling.get(i), more);
        }
        ofMessage = 0;
    }

    int size() {
        return filling.size();
    }

    boolean isEmpty() {
        return filling.isEmpty();
    }

    boolean isFull() {
        return filling.size() >= recordsMax || bytes >= bytesMax;
    }

    /** The offset of the last record handed over, by an earlier run too; null for none at all. */
    @Nullable
    CdcOffset handedOver() {
        return handedOver;
    }

    /**
     * Hands over what there is, if anything.
     *
     * @param done where reading stands behind it
     * @param endsTransaction the database's transaction ends with it, or it belongs to none
     */
    void handOver(CdcOffset done, boolean endsTransaction) throws SQLException, InterruptedException {
        if (filling.isEmpty()) {
            return;
        }
        completion.complete();
        Batch batch = new Batch(filling, done, endsTransaction, bytes);
        while (!handover.put(batch, reporter.patience())) {
            reporter.aliveInTime();
        }
        meters.handedOver();
        reporter.aliveInTime();
        filling = new ArrayList<>();
        bytes = 0;
        // What is compared with what is stored is the offset of the last record, which may be short of what was read.
        handedOver =
                CdcOffset.of(batch.records().get(batch.records().size() - 1).sourceOffset());
    }

    /** Hands over the first so many records, as {@link #handOver} does, and keeps the others. */
    void handOverFirst(int count, CdcOffset done, boolean endsTransaction) throws SQLException, InterruptedException {
        List<SourceRecord> further = new ArrayList<>(filling.subList(count, filling.size()));
        filling = new ArrayList<>(filling.subList(0, count));
        handOver(done, endsTransaction);
        filling = further;
    }
}
