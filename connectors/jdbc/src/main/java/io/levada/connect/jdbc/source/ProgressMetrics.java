/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.metrics.WrittenMetrics;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows how far a task has come with reading whole tables, under the names that change capture has. Used by the task's thread. */
public final class ProgressMetrics {

    private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final ReadProgress progress;
    private final @Nullable WrittenMetrics metrics;
    private final LongSupplier nanoTime;
    private long dueNanos;

    /** @param metrics null where the worker has none */
    public ProgressMetrics(ReadProgress progress, @Nullable WrittenMetrics metrics, LongSupplier nanoTime) {
        this.progress = progress;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.dueNanos = nanoTime.getAsLong();
    }

    /** Writes the numbers if a second has passed. */
    public void writeInTime() {
        long now = nanoTime.getAsLong();
        if (metrics == null || now - dueNanos < 0) {
            return;
        }
        dueNanos = now + INTERVAL_NANOS;
        write(metrics);
    }

    private void write(WrittenMetrics to) {
        to.write("snapshot-running", "1 while all rows of a table are read, else 0.", progress.isRunning() ? 1 : 0);
        to.write("snapshot-tables", "Tables whose rows are all read, or were.", progress.tables());
        to.write("snapshot-tables-remaining", "Of these, those that are not done.", progress.remainingTables());
        to.write("snapshot-part-done", "Rows read of all, from 0 to 1; -1 while that is unknown.", progress.part());
        to.write(
                "snapshot-seconds-left",
                "How long reading will still take, as far as what was done tells; -1 while that is unknown.",
                progress.secondsLeft());
        for (ReadProgress.Shown each : progress.shown()) {
            String[] tags = {"table", each.table(), "range", each.range()};
            to.write("snapshot-rows", "Rows read of a table, or a range of it.", each.rows(), tags);
            to.write(
                    "snapshot-rows-estimated",
                    "About how many there are, by the database's estimate; -1 if it has none.",
                    each.estimated(),
                    tags);
            to.write(
                    "snapshot-started-ms",
                    "When reading them began, in milliseconds since 1970.",
                    each.startedAt().toEpochMilli(),
                    tags);
        }
    }
}
