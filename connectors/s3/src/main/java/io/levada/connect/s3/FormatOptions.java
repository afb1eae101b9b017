/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.Spelled;
import io.levada.connect.api.json.DecimalText;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** What an object holds. */
record FormatOptions(
        @Option(
                name = FORMAT,
                doc = "The format of objects: JsonFormat, each value as a line of JSON without its schema.",
                defaultValue = "JsonFormat",
                group = "Format")
        Format format,

        @Option(
                name = "s3.compression.type",
                doc = "How objects are compressed; gzip adds .gz to their names.",
                defaultValue = "none",
                group = "Format")
        Compression compression,

        @Option(
                name = "s3.compression.level",
                doc = "0 (none) to 9 (smallest); -1 leaves it to gzip.",
                defaultValue = "-1",
                min = -1,
                max = 9,
                importance = ConfigDef.Importance.LOW,
                group = "Format")
        int compressionLevel,

        @Option(
                name = DECIMALS,
                doc = "How decimals are written: NUMERIC, as numbers, or BASE64, as Apache's JsonConverter does."
                        + " Left out: BASE64 under Confluent's class name, NUMERIC under this one's.",
                optional = true,
                group = "Format")
        @Nullable
        DecimalText decimals,

        @Option(
                name = "behavior.on.null.values",
                doc = "What a record without a value does: fail (the task, or the record if errors are tolerated), or"
                        + " ignore.",
                defaultValue = "fail",
                group = "Format")
        NullValues nullValues,

        @Option(
                name = STORAGE,
                doc = "Accepted for Confluent's sake; there is one storage.",
                defaultValue = "S3Storage",
                importance = ConfigDef.Importance.LOW,
                group = "Format")
        Storage storage,

        @Option(
                name = "schema.compatibility",
                doc = "Accepted for Confluent's sake: lines of JSON hold values of any schema side by side.",
                defaultValue = "NONE",
                importance = ConfigDef.Importance.LOW,
                group = "Format")
        SchemaCompatibility schemaCompatibility) {

    static final String FORMAT = "format.class";
    static final String STORAGE = "storage.class";
    static final String DECIMALS = "json.decimal.format";

    /** Formats by the names of Confluent's classes. */
    enum Format implements Spelled {
        JSON_LINES("JsonFormat");

        private final String spelling;

        Format(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String spelling() {
            return spelling;
        }
    }

    enum Compression {
        NONE,
        GZIP
    }

    enum NullValues {
        FAIL,
        IGNORE
    }

    enum SchemaCompatibility {
        NONE
    }

    /** Storages by the names of Confluent's classes. */
    enum Storage implements Spelled {
        S3;

        @Override
        public String spelling() {
            return "S3Storage";
        }
    }

    /** The end of an object's name. */
    String extension() {
        return compression == Compression.GZIP ? ".json.gz" : ".json";
    }
}
