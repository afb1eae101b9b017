/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * An incremental fetch session (KIP-227): the broker remembers what a client reads, so that the client names only what changes, and hears only what has
 * changed.
 *
 * <p>The order of the partitions is the order in which they get their share of an answer's bytes. Who got records goes to the end, so that none starves.
 * The epoch counts requests: who repeats one, or leaves one out, has lost an answer, and must begin anew. Guarded by itself.
 */
final class FetchSession {
    private final int id;
    private final boolean byTopicId;
    private final long createdMs;
    private final Map<Asked.Key, Entry> partitions = new LinkedHashMap<>();
    private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);

    /** A session that begins with a full answer, {@code found}, to a full request, {@code asked}. */
    FetchSession(int id, boolean byTopicId, long createdMs, List<Asked> asked, List<PartitionData> found) {
        this.id = id;
        this.byTopicId = byTopicId;
        this.createdMs = createdMs;
        for (int i = 0; i < asked.size(); i++) {
            Entry entry = new Entry(asked.get(i));
            entry.told(found.get(i));
            partitions.put(asked.get(i).key(), entry);
        }
    }

    int id() {
        return id;
    }

    long createdMs() {
        return createdMs;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** Goes on with {@code request}: checks that it is the next one, and takes in its changes. Empty from then on if nothing is left to read. */
    synchronized FetchTurn next(FetchRequest request, boolean goesById) {
        FetchMetadata metadata = request.metadata();
        if (metadata.epoch() != epoch) {
            throw new InvalidFetchSessionEpochException(
                    "fetch session " + id + " is at epoch " + epoch + ", the request says " + metadata.epoch());
        }
        if (goesById != byTopicId) {
            throw new FetchSessionTopicIdException("fetch session " + id + " goes by topic "
                    + (byTopicId ? "ids" : "names") + ", the request by the other");
        }
        for (Asked changed : Asked.in(request)) {
            partitions.compute(changed.key(), (key, entry) -> entry == null ? new Entry(changed) : entry.with(changed));
        }
        Asked.forgottenIn(request).forEach(partitions::remove);
        epoch = FetchMetadata.nextEpoch(epoch);
        return new Increment(
                partitions.values().stream().map(entry -> entry.asked).toList());
    }

    /** What differs from what was told before. */
    private synchronized FetchResponse answer(List<Asked> asked, List<PartitionData> found) {
        List<Asked> changedAsked = new ArrayList<>();
        List<PartitionData> changed = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Asked.Key key = asked.get(i).key();
            Entry entry = partitions.get(key);
            if (entry != null && entry.told(found.get(i))) {
                changedAsked.add(asked.get(i));
                changed.add(found.get(i));
                if (FetchResponse.recordsSize(found.get(i)) > 0) {
                    partitions.remove(key);
                    partitions.put(key, entry);
                }
            }
        }
        return FetchTurn.tellAll(changedAsked, changed, id);
    }

    private final class Increment implements FetchTurn {
        private final List<Asked> asked;

        private Increment(List<Asked> asked) {
            this.asked = asked;
        }

        @Override
        public List<Asked> asked() {
            return asked;
        }

        @Override
        public FetchResponse answer(List<PartitionData> found) {
            return FetchSession.this.answer(asked, found);
        }
    }

    /** A partition of the session, and what the client was last told of it. */
    private static final class Entry {
        private static final long NOTHING_TOLD = -1;
        private Asked asked;
        private long highWatermark = NOTHING_TOLD;
        private long logStartOffset = NOTHING_TOLD;

        private Entry(Asked asked) {
            this.asked = asked;
        }

        private Entry with(Asked changed) {
            asked = changed;
            return this;
        }

        /** Notes {@code found}; whether the client has to be told of it. */
        private boolean told(PartitionData found) {
            boolean failed = found.errorCode() != Errors.NONE.code();
            boolean isNews = failed
                    || FetchResponse.recordsSize(found) > 0
                    || FetchResponse.isDivergingEpoch(found)
                    || found.highWatermark() != highWatermark
                    || found.logStartOffset() != logStartOffset;
            // After an error the next good answer is news, whatever it says.
            highWatermark = failed ? NOTHING_TOLD : found.highWatermark();
            logStartOffset = found.logStartOffset();
            return isNews;
        }
    }
}
