/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import org.apache.kafka.common.TopicPartition;

/**
 * Names of objects: {@code <topics.dir>/<topic>/<folders>/<topic>+<partition>+<first offset>.json}. The name depends on
 * nothing but the records, so that a record written again after a crash lands in the same object again.
 */
record ObjectNames(NameOptions options, String extension) {
    String name(TopicPartition partition, String folders, long firstOffset) {
        String delim = options.directoryDelim();
        return topicFolder(partition.topic()) + folders + delim + prefix(partition) + digits(firstOffset) + extension;
    }

    /** The folder of a topic, with the delimiter after it. */
    String topicFolder(String topic) {
        String delim = options.directoryDelim();
        String top = options.topicsDir().isEmpty() ? "" : options.topicsDir() + delim;
        return top + topic + delim;
    }

    /** Whether an object of this name, in any folder, is one of the partition's. */
    boolean belongsTo(TopicPartition partition, String name) {
        return name.startsWith(topicFolder(partition.topic()))
                && name.substring(name.lastIndexOf(options.directoryDelim())
                                + options.directoryDelim().length())
                        .startsWith(prefix(partition));
    }

    private String prefix(TopicPartition partition) {
        return partition.topic() + options.fileDelim() + partition.partition() + options.fileDelim();
    }

    private String digits(long offset) {
        String digits = Long.toString(offset);
        return "0".repeat(Math.max(0, options.offsetDigits() - digits.length())) + digits;
    }
}
