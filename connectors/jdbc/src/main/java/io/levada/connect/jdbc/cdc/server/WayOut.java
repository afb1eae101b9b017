/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.sql.SQLException;
import java.util.Objects;

/** What to do about an error of the server's that does not say so itself, told from its SQLState (PostgreSQL manual, appendix A). */
public final class WayOut {

    /** Begins what PostgreSQL says where changes are of a file that no table has, as far as it sees; since 16 a filenumber, before a filenode. */
    private static final String UNMAPPED = "could not map file";

    private WayOut() {}

    /**
     * A clause to put behind the error's message, beginning with a semicolon; empty if there is nothing to add.
     *
     * @param connector its name
     */
    public static String of(SQLException e, String connector) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        return switch (state) {
            case "42501" ->
                "; the user lacks a right: validating the config of connector " + connector
                        + " names each, with the SQL that gives it";
            case "55000" -> ofState(message, connector);
            case "25006" ->
                "; the server is a standby, which cannot be changed: make the publication on the primary, set"
                        + " publication.autocreate.mode=disabled and no heartbeat.action.query here, or connect to the primary";
            case "53100" ->
                "; the server's disk is full: free space there, and look for what keeps its log (SELECT slot_name,"
                        + " active, pg_size_pretty(pg_current_wal_lsn() - restart_lsn) FROM pg_replication_slots)";
            case "53400" ->
                "; drop a slot that nobody uses (SELECT * FROM pg_replication_slots WHERE NOT active), or raise"
                        + " max_replication_slots and restart the server";
            case "53300" ->
                "; end connections that nobody needs, or raise max_connections or max_wal_senders and restart the server";
            case "42704" ->
                "; PostgreSQL looks for the publication as it was when the changes were logged, so making it again does"
                        + " not help: stop the connector, remove its offsets (DELETE /connectors/" + connector
                        + "/offsets), drop the slot, and resume, which reads all rows again";
            case "XX000" -> ofDecoding(message, connector);
            default -> "";
        };
    }

    /** A slot may be without what was committed to the catalogue while it was made. */
    private static String ofDecoding(String message, String connector) {
        return message.contains(UNMAPPED)
                ? "; PostgreSQL cannot decode changes of a table that was truncated or rewritten just when the slot was"
                        + " made: stop the connector, remove its offsets (DELETE /connectors/"
                        + connector + "/offsets), drop the slot, and resume, which reads all rows again; or set"
                        + " snapshot.mode=when_needed, which does so by itself"
                : "";
    }

    /** Whether the server cannot decode what is next for the slot, now or ever. */
    public static boolean isUndecodable(SQLException e) {
        return "XX000".equals(e.getSQLState())
                && Objects.requireNonNullElse(e.getMessage(), "").contains(UNMAPPED);
    }

    /** An object is not in the state that is needed: the server's log, or the slot. */
    private static String ofState(String message, String connector) {
        if (message.contains("wal_level")) {
            return "; run ALTER SYSTEM SET wal_level = logical, and restart the server";
        }
        if (message.contains("replication slot")) {
            return "; restart the task (POST /connectors/" + connector
                    + "/tasks/0/restart), which says what is left of the slot and how to go on";
        }
        return "";
    }
}
