/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Whether and how the rows that are there already are read. */
public record SnapshotOptions(
        @Option(
                name = "snapshot.mode",
                doc =
                        "Which rows are read besides changes. initial reads all rows once, before the first changes. always does so at"
                                + " each start, but not where a table has joined; from then on at the connector's, not the task's alone. initial_only ends after it. no_data reads none. when_needed is initial, and does so"
                                + " again when the slot or what it kept is gone. recovery reads none and goes on from where the slot"
                                + " stands, whatever was stored, if there is one. configuration_based is always, initial_only or no_data, by the keys"
                                + " snapshot.mode.configuration.based.*.",
                defaultValue = "initial",
                importance = Importance.HIGH,
                group = "Snapshot")
        SnapshotMode mode,

        @Option(
                name = "snapshot.include.collection.list",
                doc = "Of the captured tables, those whose rows are read, as in table.include.list. Empty means all.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Snapshot")
        String tables,

        @Option(
                name = "snapshot.max.threads",
                doc = "How many connections read rows at the same time, all of them of one snapshot.",
                defaultValue = "1",
                min = 1,
                max = 64,
                group = "Snapshot")
        int threads,

        @Option(
                name = "snapshot.delay.ms",
                doc = "Milliseconds to wait before the snapshot.",
                defaultValue = "0",
                importance = Importance.LOW,
                group = "Snapshot")
        Duration delay,

        @Option(
                name = "streaming.delay.ms",
                doc = "Milliseconds to wait between the snapshot and the first change.",
                defaultValue = "0",
                importance = Importance.LOW,
                group = "Snapshot")
        Duration streamingDelay,

        @Option(
                name = "snapshot.mode.configuration.based.snapshot.data",
                doc = "With snapshot.mode=configuration_based: read all rows at each start.",
                defaultValue = "false",
                importance = Importance.LOW,
                group = "Snapshot")
        boolean basedOnData,

        @Option(
                name = "snapshot.mode.configuration.based.start.stream",
                doc = "With snapshot.mode=configuration_based: follow the changes.",
                defaultValue = "false",
                importance = Importance.LOW,
                group = "Snapshot")
        boolean basedOnStream,

        @Option(
                name = "snapshot.mode.configuration.based.snapshot.on.data.error",
                doc = "With snapshot.mode=configuration_based: read all rows when changes were lost, as always does.",
                defaultValue = "false",
                importance = Importance.LOW,
                group = "Snapshot")
        boolean basedOnDataError,

        @Option(
                name = "snapshot.select.statement.overrides",
                doc =
                        "Tables, as schema.table and separated by commas, whose rows are read by a statement of their own,"
                                + " snapshot.select.statement.overrides.SCHEMA.TABLE: in one go, and again from its beginning after an"
                                + " interruption. Columns that it does not give are null.",
                defaultValue = "",
                group = "Snapshot")
        String selects) {

    public SnapshotOptions {
        if (mode == SnapshotMode.CONFIGURATION_BASED) {
            mode = basedOn(basedOnData, basedOnStream, basedOnDataError);
        }
    }

    private static SnapshotMode basedOn(boolean data, boolean stream, boolean onDataError) {
        if (data) {
            return stream ? SnapshotMode.ALWAYS : SnapshotMode.INITIAL_ONLY;
        }
        if (!stream) {
            throw new OptionException(
                    "snapshot.mode",
                    SnapshotMode.CONFIGURATION_BASED.spelling(),
                    "does nothing without snapshot.mode.configuration.based.snapshot.data or"
                            + " snapshot.mode.configuration.based.start.stream; set one of them to true");
        }
        if (onDataError) {
            throw new OptionException(
                    "snapshot.mode.configuration.based.snapshot.on.data.error",
                    true,
                    "needs snapshot.mode.configuration.based.snapshot.data=true; set it, or snapshot.mode=when_needed");
        }
        return SnapshotMode.NO_DATA;
    }
}
