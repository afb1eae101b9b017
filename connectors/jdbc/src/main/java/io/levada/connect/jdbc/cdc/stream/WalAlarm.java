/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.server.Slot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When to warn of what the server keeps for the slot: at once, then every hour, and at once again after it was well. */
final class WalAlarm {

    private static final long AGAIN_NANOS = Duration.ofHours(1).toNanos();

    private final long budgetBytes;
    private boolean raised;
    private boolean saidAtRisk;
    private long saidAtNanos;

    /** @param budgetBytes how much may be kept; 0 for no bound */
    WalAlarm(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    /** What to warn of now; null for nothing. */
    @Nullable
    String warning(Slot.Kept kept, long nowNanos) {
        boolean atRisk = isAtRisk(kept);
        if (!atRisk && !isOverBudget(kept)) {
            raised = false;
            saidAtRisk = false;
            return null;
        }
        if (raised && (saidAtRisk || !atRisk) && nowNanos - saidAtNanos < AGAIN_NANOS) {
            return null;
        }
        raised = true;
        saidAtRisk = atRisk;
        saidAtNanos = nowNanos;
        return atRisk
                ? "the server is about to drop what it keeps for the slot, and changes will be lost; let the connector catch up"
                        + " (see its lag and what its tasks wait for), or raise max_slot_wal_keep_size and reload the server"
                : "the server keeps more of its log for the slot than slot.wal.budget.bytes; it cannot remove it before the"
                        + " connector has stored what is in it, or a transaction that is open for long has ended (pg_stat_activity)";
    }

    boolean isRaised() {
        return raised;
    }

    private boolean isOverBudget(Slot.Kept kept) {
        return budgetBytes > 0 && kept.walBytes() > budgetBytes;
    }

    /** Four fifths of what may be kept are kept. */
    private static boolean isAtRisk(Slot.Kept kept) {
        Long safe = kept.safeBytes();
        return kept.atRisk() || (safe != null && safe < kept.walBytes() / 4);
    }
}
