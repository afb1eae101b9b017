/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.server.SlotOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every now and then at what the server keeps for the slot, and warns in time. Used by the capturing thread. */
final class Watch {

    private static final Logger LOGGER = LoggerFactory.getLogger(Watch.class);

    /** Between two looks at most, and at least as long as between two reports to the server. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final SlotOptions options;
    private final Connection sql;
    private final CaptureMeters meters;
    private final WalAlarm alarm;
    private final long intervalNanos;
    private long lookedAtNanos;

    Watch(SlotOptions options, Connection sql, CaptureMeters meters) {
        this.options = options;
        this.sql = sql;
        this.meters = meters;
        this.alarm = new WalAlarm(options.walBudget());
        this.intervalNanos =
                Math.min(INTERVAL.toNanos(), options.statusInterval().toNanos());
        this.lookedAtNanos = System.nanoTime() - intervalNanos;
    }

    /** @param readLsn up to where the log has been read; 0 if it is not read yet */
    void lookInTime(long readLsn) throws SQLException {
        long now = System.nanoTime();
        if (now - lookedAtNanos < intervalNanos) {
            return;
        }
        lookedAtNanos = now;
        Optional<Slot.Kept> found = new Slot(options).kept(sql);
        if (found.isEmpty()) {
            return;
        }
        Slot.Kept kept = found.get();
        meters.wal(kept.walBytes(), kept.safeBytes() == null ? -1 : kept.safeBytes(), readLsn, kept.endLsn());
        boolean before = alarm.isRaised();
        String warning = alarm.warning(kept, now);
        if (warning != null) {
            LOGGER.atWarn()
                    .addKeyValue("slot", options.name())
                    .addKeyValue("keptBytes", kept.walBytes())
                    .addKeyValue("safeBytes", kept.safeBytes())
                    .log(warning);
        } else if (before && !alarm.isRaised()) {
            LOGGER.atInfo()
                    .addKeyValue("slot", options.name())
                    .addKeyValue("keptBytes", kept.walBytes())
                    .log("the server has removed what it kept for the slot beyond bounds");
        }
    }
}
