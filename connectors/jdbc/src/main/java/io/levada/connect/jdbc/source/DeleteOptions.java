/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Whether rows that are deleted are told, too. */
public record DeleteOptions(
        @Option(
                name = DeleteOptions.DETECT,
                doc =
                        "How deleted rows are found. none: not at all. keys: the keys of all rows are read now and then, and for each"
                                + " one that was told and is not there any more a tombstone is sent, a record with that key and without"
                                + " value. Needs keys in the records (record.key), a mode other than bulk, and"
                                + " exactly.once.support=required, since the keys that were told are kept with the offsets.",
                defaultValue = "none",
                importance = Importance.LOW,
                group = "Deletes")
        DeleteDetection detect,

        @Option(
                name = "deletes.interval.ms",
                doc =
                        "Milliseconds between two looks for deleted rows in a table, each of which reads the keys of all its rows.",
                defaultValue = "60000",
                min = 1,
                importance = Importance.LOW,
                group = "Deletes")
        Duration interval,

        @Option(
                name = DeleteOptions.KEYS_MAX,
                doc =
                        "Most keys of one table that are kept; the task fails where there are more. A million keys of whole numbers"
                                + " take about 50 MB of the task's memory, and some 5 MB of the offsets' topic.",
                defaultValue = "1000000",
                min = 1,
                importance = Importance.LOW,
                group = "Deletes")
        int keysMax) {

    /** Key of how they are found. */
    public static final String DETECT = "deletes.detect";

    static final String KEYS_MAX = "deletes.keys.max";

    /** True if they are found. */
    public boolean isOn() {
        return detect == DeleteDetection.KEYS;
    }
}
