/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Option;
import org.apache.kafka.common.config.ConfigDef;

/** What objects are called. */
record NameOptions(
        @Option(
                name = "topics.dir",
                doc = "The folder of all topics; empty for none.",
                defaultValue = "topics",
                group = "Names")
        String topicsDir,

        @Option(
                name = "directory.delim",
                doc = "What stands between folders.",
                defaultValue = "/",
                validator = ConfigDef.NonEmptyString.class,
                importance = ConfigDef.Importance.LOW,
                group = "Names")
        String directoryDelim,

        @Option(
                name = "file.delim",
                doc = "What stands between topic, partition and offset in the name of an object.",
                defaultValue = "+",
                validator = ConfigDef.NonEmptyString.class,
                importance = ConfigDef.Importance.LOW,
                group = "Names")
        String fileDelim,

        @Option(
                name = "filename.offset.zero.pad.width",
                doc = "How many digits an offset has at least, so that names sort.",
                defaultValue = "10",
                min = 0,
                max = 19,
                importance = ConfigDef.Importance.LOW,
                group = "Names")
        int offsetDigits) {}
