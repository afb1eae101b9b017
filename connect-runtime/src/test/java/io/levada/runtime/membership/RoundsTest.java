/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.configtopic.ClusterConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Of a group whose leader has read less of the config topic than another member. */
final class RoundsTest {
    private static final String LEADER = "a";
    private static final String FOLLOWER = "b";
    private static final long HEARTBEAT_MS = 3_000;
    private static final GroupSettings.Times TIMES = new GroupSettings.Times(
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofMillis(HEARTBEAT_MS),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5));

    private final Place place = new Place();
    private final WorkSeen work = new WorkSeen();
    private final Rounds rounds = new Rounds(
            new GroupSettings("g", "w", "http://w/", Optional.empty(), GroupProtocol.SESSIONED, TIMES),
            new Rounds.Surroundings() {
                @Override
                public ClusterConfig readConfig() {
                    return work.newest();
                }

                @Override
                public void awaitStopped() {
                    // Nothing runs.
                }

                @Override
                public boolean isMember() {
                    return true;
                }
            },
            place,
            work);

    private static ClusterConfig configAt(long offset) {
        return new ClusterConfig(new TreeMap<>(), Map.of(), Set.of(), offset);
    }

    /** What the leader says who has read nothing, where the other has read up to that offset. */
    private Map<String, ByteBuffer> ledBehind(long offset) {
        SortedMap<String, WorkerState> members = new TreeMap<>();
        members.put(LEADER, rounds.state());
        members.put(FOLLOWER, new WorkerState("http://f/", offset, null));
        return rounds.lead(LEADER, GroupProtocol.SESSIONED, members, 0);
    }

    private void agreed(String as, Map<String, ByteBuffer> told) {
        rounds.agreed(1, as, GroupProtocol.SESSIONED, requireNonNull(told.get(as)), 0);
    }

    /** Nobody else would bring the group to agree. */
    @Test
    void aLeaderThatCatchesUpBeforeItLeavesHasTheGroupAgreeAnew() {
        agreed(LEADER, ledBehind(7));
        assertThat(rounds.wantsToJoin()).isFalse();

        work.see(configAt(7));

        assertThat(rounds.leaveIfLate(50, () -> {})).isFalse();
        assertThat(rounds.wantsToJoin()).isTrue();
    }

    @Test
    void aLeaderThatStaysBehindLeaves() {
        agreed(LEADER, ledBehind(7));

        assertThat(rounds.leaveIfLate(50, () -> {})).isTrue();
        assertThat(rounds.staysAway(51)).isTrue();
    }

    /** Brokers would tell it the same at once, and again. */
    @Test
    void aFollowerPausesBeforeItAsksALeaderAgainThatIsBehind() {
        Map<String, ByteBuffer> told = ledBehind(7);
        work.see(configAt(7));
        agreed(FOLLOWER, told);

        rounds.look(HEARTBEAT_MS - 1);
        assertThat(rounds.wantsToJoin()).isFalse();
        assertThat(rounds.pauseMs(HEARTBEAT_MS, HEARTBEAT_MS - 1)).isEqualTo(1);

        rounds.look(HEARTBEAT_MS);
        assertThat(rounds.wantsToJoin()).isTrue();
    }

    /** Whoever is alone need not hear of the brokers. */
    @Test
    void aLeaderIsNotAloneWhereAnotherMemberHasTheSameUrl() {
        SortedMap<String, WorkerState> members = new TreeMap<>();
        members.put(LEADER, rounds.state());
        agreed(LEADER, rounds.lead(LEADER, GroupProtocol.SESSIONED, members, 0));
        assertThat(place.isAlone()).isTrue();

        members.put(FOLLOWER, new WorkerState("http://w/", -1, null));
        agreed(LEADER, rounds.lead(LEADER, GroupProtocol.SESSIONED, members, 0));
        assertThat(place.isAlone()).isFalse();
    }
}
