/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.api.config.Option;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Whether and how the rows that are there already are read. */
public record SnapshotOptions(
        @Option(
                name = "snapshot.mode",
                doc =
                        "Which rows are read besides changes. initial reads all rows once, before the first changes. always does so at"
                                + " each start. initial_only ends after it. no_data reads none. when_needed is initial, and does so"
                                + " again when the slot or what it kept is gone. recovery reads none and goes on from where the slot"
                                + " stands, whatever was stored.",
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
        Duration streamingDelay) {}
