/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.SlotHome;
import io.levada.connect.jdbc.cdc.server.ServerHistory;
import io.levada.connect.jdbc.cdc.server.Slot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Whether a server and its slot still have all that follows a stored offset. It never takes for a gap what is none: an offset that
 * does not say where it belongs (Debezium's) is believed, and where a slot stands says something only if nobody but us may have
 * moved it beyond what is stored ({@link SlotHome#strict}).
 */
final class Guard {

    private final Connection replication;
    private final ServerHistory server;
    private final SlotHome here;

    /**
     * Asks the server who it is.
     *
     * @param strict this run confirms nothing beyond what is stored
     */
    Guard(Connection replication, String slot, boolean strict) throws SQLException {
        this.replication = replication;
        this.server = ServerHistory.of(replication);
        this.here = new SlotHome(server.system(), server.timeline(), slot, strict);
    }

    /** What offsets of this run are places of. */
    SlotHome here() {
        return here;
    }

    /**
     * What is wrong with going on from an offset; null if all that follows it is still to come.
     *
     * @param slot as it is found; null if there is none, which is not looked at here
     */
    @Nullable
    String gap(CdcOffset from, Slot.@Nullable State slot) throws SQLException {
        SlotHome home = from.home();
        if (home == null) {
            return null;
        }
        if (!home.system().equals(here.system())) {
            return "the stored offset is one of server " + home.system() + ", and this is server " + here.system()
                    + ", whose log is another one";
        }
        String branched = branch(from, home);
        if (branched != null || slot == null) {
            return branched;
        }
        boolean stands = home.strict() || !home.slot().equals(here.slot());
        long beyond = slot.confirmedLsn() - from.commitLsn();
        if (!stands || beyond <= 0) {
            return null;
        }
        return "slot " + here.slot() + " stands at " + text(slot.confirmedLsn()) + ", " + beyond
                + " bytes of the server's log beyond the stored offset at " + text(from.commitLsn()) + ": "
                + (home.slot().equals(here.slot())
                        ? "somebody made it again or moved it forward"
                        : "what was stored came from slot " + home.slot());
    }

    private @Nullable String branch(CdcOffset from, SlotHome home) throws SQLException {
        if (home.timeline() == here.timeline()) {
            return null;
        }
        OptionalLong end = server.endOf(home.timeline(), replication);
        if (end.isEmpty()) {
            return "the stored offset at " + text(from.commitLsn()) + " is one of timeline " + home.timeline()
                    + ", which is not in the past of the server's timeline " + here.timeline()
                    + ": a backup was restored, or this server was left behind when another was promoted";
        }
        if (Long.compareUnsigned(from.lsn(), end.getAsLong()) > 0) {
            return "the server was promoted at " + text(end.getAsLong()) + ", without the last "
                    + (from.lsn() - end.getAsLong()) + " bytes of the log of its predecessor, up to " + text(from.lsn())
                    + ", of which changes have been told";
        }
        return null;
    }

    /**
     * The offset as a place of this server's timeline, where there is no {@link #gap}: what was only looked at of the log of a
     * predecessor, and is not in the server's, is taken back.
     */
    CdcOffset settled(CdcOffset from) throws SQLException {
        SlotHome home = from.home();
        if (home == null || home.timeline() == here.timeline()) {
            return from.at(here);
        }
        long end = server.endOf(home.timeline(), replication).orElseThrow();
        return (Long.compareUnsigned(from.commitLsn(), end) > 0 ? from.backTo(end) : from).at(here);
    }

    private static String text(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }
}
