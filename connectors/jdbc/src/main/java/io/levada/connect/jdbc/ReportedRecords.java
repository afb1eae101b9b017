/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.jdbc.sink.BadRecord;
import io.levada.connect.jdbc.sink.JdbcWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives records that cannot be written back to the worker, once, after the others have been committed. Where positions are committed
 * with them such a record never comes again, so it is given back, and its way into the dead letter topic waited for, before.
 */
final class ReportedRecords implements JdbcWriter.BadRecords {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReportedRecords.class);

    private final @Nullable ErrantRecordReporter reporter;
    private final @Nullable String tolerance;
    private final boolean beforeCommit;
    private final Set<String> reported = new HashSet<>();

    /**
     * Has nothing yet.
     *
     * @param reporter null if the worker takes none
     * @param tolerance {@code errors.tolerance}, if it is set
     */
    ReportedRecords(@Nullable ErrantRecordReporter reporter, @Nullable String tolerance, boolean beforeCommit) {
        this.reporter = reporter;
        this.tolerance = tolerance;
        this.beforeCommit = beforeCommit;
    }

    @Override
    public void check(List<BadRecord> records) {
        boolean refused = reporter == null ? !"all".equalsIgnoreCase(tolerance) : "none".equalsIgnoreCase(tolerance);
        if (refused) {
            BadRecord first = records.get(0);
            throw new ConnectException(
                    "cannot write the record at " + first.coordinates() + ": "
                            + first.cause().getMessage()
                            + "; correct the table or the record, or let such records pass with errors.tolerance=all",
                    first.cause());
        }
        if (beforeCommit) {
            waitFor(report(records));
        }
    }

    @Override
    public void take(List<BadRecord> records) {
        if (!beforeCommit) {
            List<Future<Void>> unused = report(records);
        }
        reported.clear();
    }

    private List<Future<Void>> report(List<BadRecord> records) {
        List<Future<Void>> pending = new ArrayList<>();
        for (BadRecord each : records) {
            // The commit may fail, and then all comes again.
            if (!reported.add(each.coordinates())) {
                continue;
            }
            if (reporter == null) {
                LOGGER.atWarn()
                        .addKeyValue("record", each.coordinates())
                        .addKeyValue("error", each.cause().getMessage())
                        .log("record passed over, as errors.tolerance=all says");
            } else {
                pending.add(reporter.report(each.record(), each.cause()));
            }
        }
        return pending;
    }

    private static void waitFor(List<Future<Void>> pending) {
        for (Future<Void> each : pending) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new ConnectException("a bad record could not be reported: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ConnectException("interrupted while reporting a bad record", e);
            }
        }
    }
}
