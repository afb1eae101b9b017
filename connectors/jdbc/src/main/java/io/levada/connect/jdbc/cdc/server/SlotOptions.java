/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.api.config.Spelled;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The slot that keeps the server's log for us, and the publication that says what is in it. */
public record SlotOptions(
        @Option(
                name = "slot.name",
                doc = "The replication slot; made if it is not there. Each connector needs one of its own.",
                defaultValue = "debezium",
                importance = Importance.HIGH,
                group = "Slot")
        String name,

        @Option(
                name = "slot.drop.on.stop",
                doc =
                        "Drop the slot when the task stops. Only for tests: changes made while it is stopped are lost, and the next"
                                + " start refuses to go on. New tables are not looked for, as the task would have to be restarted.",
                defaultValue = "false",
                importance = Importance.LOW,
                group = "Slot")
        boolean dropOnStop,

        @Option(
                name = "slot.failover",
                doc =
                        "Make the slot one, or have it become one, that PostgreSQL 17 and later keep on standby servers too.",
                defaultValue = "false",
                group = "Slot")
        boolean failover,

        @Option(
                name = "slot.max.retries",
                doc = "How often to try again when the slot is in use.",
                defaultValue = "6",
                min = 0,
                importance = Importance.LOW,
                group = "Slot")
        int retries,

        @Option(
                name = "slot.retry.delay.ms",
                doc = "Milliseconds between two such attempts.",
                defaultValue = "10000",
                importance = Importance.LOW,
                group = "Slot")
        Duration retryDelay,

        @Option(
                name = "slot.wal.budget.bytes",
                doc =
                        "Bytes of its log that the server may keep for the slot before the connector warns, at first and once an hour;"
                                + " 0 for no bound. It warns, whatever is set here, when max_slot_wal_keep_size is nearly used up.",
                defaultValue = "10737418240",
                min = 0,
                group = "Slot")
        long walBudget,

        @Option(
                name = "plugin.name",
                doc =
                        "The server's decoding plugin; pgoutput is built into PostgreSQL and the only one that is spoken here.",
                defaultValue = "pgoutput",
                importance = Importance.LOW,
                group = "Slot")
        Plugin plugin,

        @Option(
                name = "slot.stream.params",
                doc =
                        "Asked of the server's plugin besides what the connector needs: origin=none, for PostgreSQL 16 and later, leaves"
                                + " out changes that the server has from another by replication; origin=any does not.",
                defaultValue = "",
                validator = StreamParams.class,
                importance = Importance.LOW,
                group = "Slot")
        String streamParams,

        @Option(
                name = "publication.name",
                doc = "The publication that lists the captured tables.",
                defaultValue = "dbz_publication",
                importance = Importance.HIGH,
                group = "Slot")
        String publication,

        @Option(
                name = "publication.autocreate.mode",
                doc =
                        "What is done about the publication. all_tables makes one for all tables; filtered makes one for the captured"
                                + " tables and keeps it so; no_tables makes one without tables; disabled makes none: it must be there.",
                defaultValue = "all_tables",
                group = "Slot")
        Autocreate autocreate,

        @Option(
                name = "publish.via.partition.root",
                doc = "Tell changes of partitions as changes of the table that they belong to.",
                defaultValue = "false",
                group = "Slot")
        boolean viaRoot,

        @Option(
                name = "replica.identity.autoset.values",
                doc =
                        "Replica identities to set at the start: table:identity,…, where table is a regular expression and identity is"
                                + " DEFAULT, FULL, NOTHING or INDEX name.",
                defaultValue = "",
                validator = ReplicaIdentities.Validator.class,
                group = "Slot")
        String replicaIdentities,

        @Option(
                name = "status.update.interval.ms",
                doc = "Milliseconds between two reports to the server of how far we are.",
                defaultValue = "10000",
                min = 1,
                importance = Importance.LOW,
                group = "Slot")
        Duration statusInterval) {

    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");

    public SlotOptions {
        if (!SLOT.matcher(name).matches()) {
            throw new OptionException("slot.name", name, "may hold small letters, digits and _, at most 63 of them");
        }
        if (publication.isBlank() || publication.length() > 63) {
            throw new OptionException("publication.name", publication, "must be a name of at most 63 characters");
        }
    }

    /** {@code slot.stream.params} as the driver takes them. */
    public Properties pluginParams() {
        Properties params = new Properties();
        params.putAll(StreamParams.of(streamParams));
        return params;
    }

    /** Debezium's other plugin, decoderbufs, is an extension that servers rarely have. */
    public enum Plugin {
        PGOUTPUT
    }

    /** What is done about the publication. */
    public enum Autocreate implements Spelled {
        ALL_TABLES("all_tables"),
        FILTERED("filtered"),
        NO_TABLES("no_tables"),
        DISABLED("disabled");

        private final String spelling;

        Autocreate(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String spelling() {
            return spelling;
        }
    }
}
