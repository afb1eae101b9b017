/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.peers.GroupBusyException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Commands that wait for the group, on a thread whose messages the test carries out. */
final class GroupPatienceTest {
    private final Deque<Runnable> messages = new ArrayDeque<>();
    private final List<Runnable> timeouts = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private boolean agreed;

    private final GroupPatience patience = new GroupPatience(
            messages::add,
            (delay, message) -> {
                if (delay.equals(GroupPatience.WAIT_MAX)) {
                    timeouts.add(message);
                } else {
                    messages.add(message);
                }
                return new CompletableFuture<>();
            },
            () -> CompletableFuture.completedFuture(null));

    private CompletionStage<String> command(String name) {
        return patience.take(() -> {
            if (!agreed) {
                return CompletableFuture.failedFuture(GroupBusyException.noLeader());
            }
            done.add(name);
            return CompletableFuture.completedFuture(name);
        });
    }

    private void run(int most) {
        for (int i = 0; i < most && !messages.isEmpty(); i++) {
            messages.remove().run();
        }
    }

    @Test
    void whoComesWhenTheGroupHasJustAgreedDoesNotOvertakeWhoWaits() {
        CompletionStage<String> first = command("first");
        agreed = true;
        CompletionStage<String> second = command("second");
        run(100);

        assertThat(first).isCompletedWithValue("first");
        assertThat(second).isCompletedWithValue("second");
        assertThat(done).containsExactly("first", "second");
    }

    /** The group may agree, and not, while they are called. */
    @Test
    void whoeverWaitsAgainStaysBeforeThoseBehind() {
        AtomicInteger tries = new AtomicInteger();
        CompletionStage<String> first = patience.take(() -> {
            if (tries.incrementAndGet() < 3) {
                agreed = tries.get() == 2; // for those behind, who are called now
                return CompletableFuture.failedFuture(GroupBusyException.noLeader());
            }
            done.add("first");
            return CompletableFuture.completedFuture("first");
        });
        CompletionStage<String> second = command("second");
        run(100);

        assertThat(first).isCompletedWithValue("first");
        assertThat(second).isCompletedWithValue("second");
        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void whoseTimeIsOverIsToldWhatWasInTheWay() {
        CompletionStage<String> answer = command("late");
        run(10);
        assertThat(answer).isNotCompleted();

        timeouts.forEach(Runnable::run);
        run(100);

        assertThat(answer)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withRootCauseInstanceOf(GroupBusyException.class)
                .withMessageContaining("no known leader");
        assertThat(done).isEmpty();
    }
}
