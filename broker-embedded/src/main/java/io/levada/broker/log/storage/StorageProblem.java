/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * Something that is not as it should be in a partition's folder.
 *
 * @param file the file, or the folder where one is missing
 * @param position where in the file, 0 where that says nothing
 * @param offset the offset that should have been here, -1 where that says nothing
 * @param bytes how many bytes are damaged
 */
public record StorageProblem(
        TopicPartition partition, Kind kind, Path file, long position, long offset, long bytes, String what) {

    /** What follows from it. */
    public enum Kind {
        /** Bytes that are no batch any more: a repair takes them out and keeps them beside. */
        DAMAGE,
        /** Records that are not there: a repair notes that they are missed no more. */
        MISSING,
        /** A partition without a folder: a repair makes one, empty, that goes on at the next offset. */
        NO_FOLDER,
        /** The note of the topic's id is damaged or gone: a repair writes it anew. */
        NO_TOPIC_ID,
        /** Neither a start nor a repair can make anything of it. */
        UNUSABLE,
        /** Derived from the records, or a note; the next start makes it anew. */
        REBUILT
    }

    /** Whether a repair can do something about it. */
    public boolean isRepairable() {
        return kind != Kind.UNUSABLE && kind != Kind.REBUILT;
    }

    /** Whether records are gone from where they were. */
    boolean isLoss() {
        return kind == Kind.DAMAGE || kind == Kind.MISSING;
    }

    /** Whether records are concerned, rather than what a start makes anew. */
    public boolean isDamage() {
        return kind != Kind.REBUILT;
    }
}
