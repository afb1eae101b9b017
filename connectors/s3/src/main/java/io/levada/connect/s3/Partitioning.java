/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Spelled;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The kinds of partitioner, under the names of Confluent's classes. */
enum Partitioning implements Spelled {
    DEFAULT("DefaultPartitioner") {
        @Override
        Partitioner create(PartitionOptions options, RotationOptions rotation, String delim) {
            return (record, timeMs) -> "partition=" + record.kafkaPartition();
        }
    },
    FIELD("FieldPartitioner") {
        @Override
        Partitioner create(PartitionOptions options, RotationOptions rotation, String delim) {
            return new FieldFolders(options.fields(), delim);
        }
    },
    TIME_BASED("TimeBasedPartitioner") {
        @Override
        Partitioner create(PartitionOptions options, RotationOptions rotation, String delim) {
            return folders(options.pathFormat(), options.durationMs(), options.locale(), rotation);
        }
    },
    HOURLY("HourlyPartitioner") {
        @Override
        Partitioner create(PartitionOptions options, RotationOptions rotation, String delim) {
            String format = String.join(delim, "'year'=YYYY", "'month'=MM", "'day'=dd", "'hour'=HH");
            return folders(format, TimeUnit.HOURS.toMillis(1), options.locale(), rotation);
        }
    },
    DAILY("DailyPartitioner") {
        @Override
        Partitioner create(PartitionOptions options, RotationOptions rotation, String delim) {
            String format = String.join(delim, "'year'=YYYY", "'month'=MM", "'day'=dd");
            return folders(format, TimeUnit.DAYS.toMillis(1), options.locale(), rotation);
        }
    };

    private final String spelling;

    Partitioning(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    boolean byTime() {
        return this == TIME_BASED || this == HOURLY || this == DAILY;
    }

    abstract Partitioner create(PartitionOptions options, RotationOptions rotation, String delim);

    private static Partitioner folders(String format, long durationMs, Locale locale, RotationOptions rotation) {
        return new TimeFolders(TimeFolders.formatter(format, locale), durationMs, rotation.timezone());
    }
}
