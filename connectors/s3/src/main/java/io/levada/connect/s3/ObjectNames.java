/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;

/**
 * Names of objects: {@code <topics.dir>/<topic>/<folders>/<topic>+<partition>+<first offset>.json}. The name depends on
 * nothing but the records, so that a record written again after a crash lands in the same object again.
 *
 * <p>The folder is that of the record's topic as transforms left it; topic, partition and offset at the end are those that it
 * was read from, so that topics routed into one folder never write over one another.
 */
record ObjectNames(NameOptions options, String extension) {
    /** What S3 takes, in bytes of UTF-8. */
    private static final int BYTES_MAX = 1024;

    /**
     * @param partition where the records were read from
     * @param folder {@link #topicFolder} and the folders below it
     * @param firstOffset the offset of the first record, as it was read
     */
    String name(TopicPartition partition, String folder, long firstOffset) {
        return folder + options.directoryDelim() + prefix(partition) + digits(firstOffset) + extension;
    }

    /**
     * Refuses what a store does not take, or takes for another name.
     *
     * @throws DataException with the rule
     */
    void check(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > BYTES_MAX) {
            throw new DataException("The object's name would have " + bytes + " bytes, S3 takes " + BYTES_MAX + ": "
                    + name.substring(0, 100) + "...");
        }
        for (String folder : name.split("/", -1)) {
            if (folder.equals(".") || folder.equals("..")) {
                throw new DataException("The object's name would have a folder " + folder + ": " + name);
            }
        }
    }

    /** The folder of a topic, with the delimiter after it. */
    String topicFolder(String topic) {
        String delim = options.directoryDelim();
        String top = options.topicsDir().isEmpty() ? "" : options.topicsDir() + delim;
        return top + topic + delim;
    }

    private String prefix(TopicPartition partition) {
        return partition.topic() + options.fileDelim() + partition.partition() + options.fileDelim();
    }

    private String digits(long offset) {
        String digits = Long.toString(offset);
        return "0".repeat(Math.max(0, options.offsetDigits() - digits.length())) + digits;
    }
}
