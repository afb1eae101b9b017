/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * The fetch sessions of all clients, at most so many. A new one may take the place of one that has not been used for two minutes, or of one that is at least
 * as old and smaller; if there is no such, the client is told session 0 and names all its partitions each time. Safe from any thread.
 */
public final class FetchSessions {
    private static final Duration EVICTION_AGE = Duration.ofMinutes(2);
    private static final short FIRST_BY_TOPIC_ID = 13;
    private final int slots;
    private final InstantSource clock;
    /** In the order of their last use, longest ago first. */
    private final Map<Integer, Used> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * No sessions yet.
     *
     * @param slots {@code max.incremental.fetch.session.cache.slots}
     */
    public FetchSessions(int slots, InstantSource clock) {
        this.slots = slots;
        this.clock = clock;
    }

    /** Finds the session of {@code request}, or prepares to make one. */
    FetchTurn begin(FetchRequest request) {
        FetchMetadata metadata = request.metadata();
        if (!metadata.isFull()) {
            return goOn(request, metadata.sessionId());
        }
        if (metadata.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
            remove(metadata.sessionId());
        }
        boolean wantsSession = metadata.epoch() != FetchMetadata.FINAL_EPOCH;
        return new Whole(Asked.in(request), wantsSession, goesByTopicId(request));
    }

    synchronized int size() {
        return sessions.size();
    }

    private FetchTurn goOn(FetchRequest request, int id) {
        FetchSession session = find(id).orElseThrow(() -> new FetchSessionIdNotFoundException(
                "there is no fetch session " + id + "; it was closed, or gave way to another"));
        FetchTurn turn = session.next(request, goesByTopicId(request));
        if (turn.asked().isEmpty()) {
            remove(id);
            return new Whole(List.of(), false, false);
        }
        return turn;
    }

    private synchronized Optional<FetchSession> find(int id) {
        Used used = sessions.get(id);
        if (used == null) {
            return Optional.empty();
        }
        used.lastMs = clock.millis();
        return Optional.of(used.session);
    }

    private synchronized void remove(int id) {
        sessions.remove(id);
    }

    /** The id of a new session, or of none if there is no room. */
    private synchronized int create(List<Asked> asked, List<PartitionData> found, boolean byTopicId) {
        long nowMs = clock.millis();
        if (asked.isEmpty() || !hasRoom(asked.size(), nowMs)) {
            return FetchMetadata.INVALID_SESSION_ID;
        }
        int id;
        do {
            id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        } while (sessions.containsKey(id));
        sessions.put(id, new Used(new FetchSession(id, byTopicId, nowMs, asked, found), nowMs));
        return id;
    }

    private boolean hasRoom(int partitions, long nowMs) {
        if (sessions.size() < slots) {
            return true;
        }
        long oldMs = nowMs - EVICTION_AGE.toMillis();
        Optional<Used> givesWay = sessions.values().stream()
                .limit(1)
                .filter(used -> used.lastMs < oldMs)
                .findFirst()
                .or(() -> sessions.values().stream()
                        .filter(used -> used.session.createdMs() < oldMs && used.session.size() < partitions)
                        .min(Comparator.comparingInt(used -> used.session.size())));
        givesWay.ifPresent(used -> sessions.remove(used.session.id()));
        return givesWay.isPresent();
    }

    private static boolean goesByTopicId(FetchRequest request) {
        return request.version() >= FIRST_BY_TOPIC_ID;
    }

    /** A request that names all it wants, and hears of all. */
    private final class Whole implements FetchTurn {
        private final List<Asked> asked;
        private final boolean wantsSession;
        private final boolean byTopicId;

        private Whole(List<Asked> asked, boolean wantsSession, boolean byTopicId) {
            this.asked = asked;
            this.wantsSession = wantsSession;
            this.byTopicId = byTopicId;
        }

        @Override
        public List<Asked> asked() {
            return asked;
        }

        @Override
        public FetchResponse answer(List<PartitionData> found) {
            int id = wantsSession ? create(asked, found, byTopicId) : FetchMetadata.INVALID_SESSION_ID;
            return FetchTurn.tellAll(asked, found, id);
        }
    }

    private static final class Used {
        private final FetchSession session;
        private long lastMs;

        private Used(FetchSession session, long lastMs) {
            this.session = session;
            this.lastMs = lastMs;
        }
    }
}
