/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Option;
import java.time.ZoneId;
import org.apache.kafka.common.config.ConfigDef;

/** When the open objects of a partition are finished. -1 switches a time off. */
record RotationOptions(
        @Option(
                name = "flush.size",
                doc = "How many records of a partition are collected before its objects are finished.",
                min = 1,
                importance = ConfigDef.Importance.HIGH,
                group = "Rotation")
        int flushSize,

        @Option(
                name = "rotate.interval.ms",
                doc = "How much time objects may span, by the clock that timestamp.extractor names. Record times make"
                        + " boundaries repeatable; a new record has to come for an object to be finished.",
                defaultValue = "-1",
                min = -1,
                group = "Rotation")
        long intervalMs,

        @Option(
                name = "rotate.schedule.interval.ms",
                doc = "Objects are finished whenever a multiple of this has passed since midnight in timezone, also"
                        + " without new records.",
                defaultValue = "-1",
                min = -1,
                group = "Rotation")
        long scheduleMs,

        @Option(
                name = "timezone",
                doc = "The time zone of schedules and of time-based partitions.",
                defaultValue = "UTC",
                group = "Rotation")
        ZoneId timezone,

        @Option(
                name = "partitioner.max.open.files",
                doc = "How many objects of a partition may be open, one for each folder; one more ends all of them."
                        + " -1 for any number.",
                defaultValue = "-1",
                min = -1,
                importance = ConfigDef.Importance.LOW,
                group = "Rotation")
        int openObjectsMax,

        @Option(
                name = "s3.open.bytes.max",
                doc =
                        "How many bytes the open objects of a partition may hold in memory together; more end all of them.",
                defaultValue = "104857600",
                min = 1,
                importance = ConfigDef.Importance.LOW,
                group = "Rotation")
        long openBytesMax) {}
