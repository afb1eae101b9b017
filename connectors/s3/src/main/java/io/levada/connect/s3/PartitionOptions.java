/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;

/** Into which folders of its topic a record goes. */
record PartitionOptions(
        @Option(
                name = PARTITIONER,
                doc = "DefaultPartitioner: a folder for each Kafka partition; FieldPartitioner: by fields of the value;"
                        + " TimeBasedPartitioner, HourlyPartitioner, DailyPartitioner: by time.",
                defaultValue = "DefaultPartitioner",
                group = "Partitions")
        Partitioning partitioning,

        @Option(
                name = FIELDS,
                doc = "The fields of the value that FieldPartitioner looks at; a dot leads into a nested one.",
                defaultValue = "",
                group = "Partitions")
        List<String> fields,

        @Option(
                name = DURATION,
                doc = "TimeBasedPartitioner rounds times down to a multiple of this.",
                defaultValue = "-1",
                min = -1,
                group = "Partitions")
        long durationMs,

        @Option(
                name = PATH_FORMAT,
                doc = "The folders of TimeBasedPartitioner, such as 'year'=YYYY/'month'=MM/'day'=dd; YYYY is the year.",
                defaultValue = "",
                group = "Partitions")
        String pathFormat,

        @Option(
                name = "locale",
                doc = "The language of names in path.format.",
                defaultValue = "en",
                importance = ConfigDef.Importance.LOW,
                group = "Partitions")
        String localeTag,

        @Option(
                name = EXTRACTOR,
                doc = "Which time counts: Wallclock, Record (the record's own), RecordField (timestamp.field).",
                defaultValue = "Wallclock",
                group = "Partitions")
        RecordTime recordTime,

        @Option(
                name = "timestamp.field",
                doc = "The field of the value with the time: a timestamp, milliseconds, or ISO 8601 text; text without"
                        + " a zone is in timezone.",
                defaultValue = "timestamp",
                group = "Partitions")
        String timestampField) {

    static final String PARTITIONER = "partitioner.class";
    static final String EXTRACTOR = "timestamp.extractor";
    private static final String FIELDS = "partition.field.name";
    private static final String DURATION = "partition.duration.ms";
    private static final String PATH_FORMAT = "path.format";

    PartitionOptions {
        if (partitioning == Partitioning.FIELD && fields.isEmpty()) {
            throw new OptionException(FIELDS, "", "must name a field of the value for FieldPartitioner");
        }
        if (partitioning == Partitioning.TIME_BASED) {
            if (durationMs < 1) {
                throw new OptionException(DURATION, durationMs, "must be at least 1 for TimeBasedPartitioner");
            }
            if (pathFormat.isEmpty()) {
                throw new OptionException(PATH_FORMAT, "", "must be set for TimeBasedPartitioner");
            }
            try {
                TimeFolders.formatter(pathFormat, Locale.ROOT);
            } catch (IllegalArgumentException e) {
                throw new OptionException(
                        PATH_FORMAT, pathFormat, "must be a pattern such as 'year'=YYYY/'month'=MM: " + e.getMessage());
            }
        }
    }

    Locale locale() {
        return Locale.forLanguageTag(localeTag.replace('_', '-'));
    }
}
