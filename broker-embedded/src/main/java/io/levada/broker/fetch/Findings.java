/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import io.levada.broker.api.Caller;
import io.levada.broker.fetch.FetchReader.Found;
import io.levada.broker.log.PartitionLog;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * What the partitions of one fetch have to give. The first reading looks at all of them, a later one only where something has moved, and where there were
 * records: a slice of a file must not be kept for long. Used by one thread at a time.
 */
final class Findings {
    private final List<Asked> asked;
    private final FetchReader reader;
    private final Caller caller;
    private final IsolationLevel isolation;
    private final int bytesMax;
    private final List<Found> found = new ArrayList<>();
    private long bytes;
    private boolean failed;

    /** Nothing is read yet; an answer may carry {@code bytesMax}, one batch excepted. */
    Findings(List<Asked> asked, FetchRequest request, int bytesMax, FetchReader reader, Caller caller) {
        this.asked = asked;
        this.reader = reader;
        this.caller = caller;
        this.isolation = request.isolationLevel();
        this.bytesMax = Math.min(bytesMax, request.maxBytes());
    }

    /** Reads, in order, until the bytes are used up; of what was read before, only {@code moved}. */
    void read(BitSet moved) {
        boolean first = found.isEmpty();
        bytes = 0;
        failed = false;
        for (int i = 0; i < asked.size(); i++) {
            if (first) {
                found.add(readOne(asked.get(i)));
            } else if (moved.get(i) || found.get(i).bytes() > 0) {
                found.set(i, readOne(asked.get(i)));
            }
            bytes += found.get(i).bytes();
            failed |= found.get(i).failed();
        }
    }

    private Found readOne(Asked partition) {
        long room = Math.min(bytesMax - bytes, partition.wanted().partitionMaxBytes());
        return reader.read(partition, (int) Math.max(0, room), bytes == 0, isolation, caller);
    }

    /** Which partitions have moved since they were read. */
    BitSet moved() {
        BitSet moved = new BitSet(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            Optional<PartitionLog> log = reader.log(asked.get(i));
            moved.set(i, log.isEmpty() || log.get().endOffset(isolation) != endOf(found.get(i)));
        }
        return moved;
    }

    private long endOf(Found partition) {
        boolean committed = isolation == IsolationLevel.READ_COMMITTED;
        return committed
                ? partition.data().lastStableOffset()
                : partition.data().highWatermark();
    }

    /** How many bytes of records there are. */
    long bytes() {
        return bytes;
    }

    /** Whether a partition has an error. */
    boolean failed() {
        return failed;
    }

    /** One entry for each partition asked for, in that order. */
    List<PartitionData> all() {
        return found.stream().map(Found::data).toList();
    }
}
