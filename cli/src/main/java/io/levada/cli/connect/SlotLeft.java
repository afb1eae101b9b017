/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What a connector that captures PostgreSQL's changes leaves in the database, where it fills the disk. */
final class SlotLeft {
    private static final Set<String> CLASSES = Set.of(
            "io.levada.connect.jdbc.PostgresCdcSourceConnector",
            "PostgresCdcSourceConnector",
            "PostgresCdcSource",
            "io.debezium.connector.postgresql.PostgresConnector");

    private SlotLeft() {}

    /** To be said when it is deleted, after a space; empty for other connectors, and if there is none of that name. */
    static String of(ConnectClient client, String connector) {
        JsonNode config = client.find(
                        "look at connector '" + connector + "'", ConnectClient.path("connectors", connector, "config"))
                .orElse(null);
        if (config == null
                || !CLASSES.contains(config.path("connector.class").asText())
                || config.path("slot.drop.on.stop").asText().equalsIgnoreCase("true")
                || config.path("snapshot.mode").asText().equalsIgnoreCase("initial_only")) {
            return "";
        }
        String slot = config.path("slot.name").asText("debezium");
        String publication = config.path("publication.name").asText("dbz_publication");
        return " So do slot " + slot + " and publication " + publication + " in database "
                + config.path("database.dbname").asText()
                + ", whose server keeps its log for the slot until its disk is full."
                + " Unless another connector goes on with them, run there: SELECT pg_drop_replication_slot('"
                + slot.replace("'", "''") + "'); DROP PUBLICATION \"" + publication.replace("\"", "\"\"") + "\"";
    }
}
