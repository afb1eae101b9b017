/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.threads.TaskThreads;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final Map<String, String> A = Map.of("table", "a");
    private static final Map<String, String> B = Map.of("table", "b");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final InFlight inFlight = new InFlight(3, TaskThreads.REAL);

    private static SourceRecord record(Map<String, ?> partition, Map<String, ?> offset) {
        return new SourceRecord(partition, offset, "topic", null, null);
    }

    private InFlight.Entry add(Map<String, ?> partition, int offset) {
        return inFlight.add(List.of(record(partition, Map.of("n", offset)))).get(0);
    }

    @Test
    void offsetIsCommittableOnceAllBeforeItAreAcknowledged() {
        InFlight.Entry first = add(A, 1);
        InFlight.Entry second = add(A, 2);
        second.acknowledge();
        assertThat(inFlight.takeCommittable()).isEmpty();

        first.acknowledge();

        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(A, Map.of("n", 2)));
        assertThat(inFlight.takeCommittable()).isEmpty();
    }

    @Test
    void slowPartitionHoldsUpNoOther() {
        add(A, 1);
        add(B, 7).acknowledge();

        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(B, Map.of("n", 7)));
    }

    @Test
    void recordThatIsGivenUpHoldsBackTheOffsetsBehindItButNobodyWaitsForIt() throws InterruptedException {
        add(A, 1).acknowledge();
        InFlight.Entry lost = add(A, 2);
        add(A, 3).acknowledge();

        lost.giveUp();
        lost.acknowledge();

        assertThat(inFlight.awaitEmpty(Duration.ZERO)).isTrue();
        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(A, Map.of("n", 1)));
    }

    @Test
    void nothingIsKeptOfWhatIsAcknowledgedButTheNewestOffset() {
        List<WeakReference<Map<String, ?>>> offsets = new ArrayList<>();
        for (int n = 0; n < 1_000; n++) {
            Map<String, Integer> offset = new HashMap<>(Map.of("n", n));
            offsets.add(new WeakReference<>(offset));
            inFlight.add(List.of(record(A, offset))).get(0).acknowledge();
        }

        System.gc();

        assertThat(offsets.stream().filter(kept -> kept.get() != null)).hasSize(1);
        assertThat(inFlight.takeCommittable()).isEqualTo(Map.of(A, Map.of("n", 999)));
    }

    @Test
    void itIsFullUntilSomethingIsAcknowledged() throws InterruptedException {
        InFlight.Entry first = add(A, 1);
        add(A, 2);
        add(A, 3);
        assertThat(inFlight.awaitRoom(Duration.ofMillis(1))).isFalse();
        assertThat(inFlight.awaitEmpty(Duration.ofMillis(10))).isFalse();

        first.acknowledge();
        first.acknowledge();

        assertThat(inFlight.awaitRoom(Duration.ZERO)).isTrue();
    }

    @Test
    void whoeverWaitsIsWokenWhenThereIsRoomAndWhenNothingIsLeft()
            throws InterruptedException, ExecutionException, TimeoutException {
        List<InFlight.Entry> entries = List.of(add(A, 1), add(A, 2), add(A, 3));
        CompletableFuture<Boolean> room = CompletableFuture.supplyAsync(() -> waited(true));
        CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> waited(false));

        entries.get(0).acknowledge();
        assertThat(room.get(60, TimeUnit.SECONDS)).isTrue();
        entries.get(1).acknowledge();
        entries.get(2).giveUp();

        assertThat(empty.get(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancellationEndsTheWaiting() throws InterruptedException, ExecutionException, TimeoutException {
        add(A, 1);
        CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> waited(false));

        inFlight.cancel();

        assertThat(empty.get(60, TimeUnit.SECONDS)).isFalse();
    }

    private boolean waited(boolean forRoom) {
        try {
            return forRoom ? inFlight.awaitRoom(PATIENCE) : inFlight.awaitEmpty(PATIENCE);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One step: which partition, and what is done: 0 add, 1 acknowledge, 2 give up, 3 take. */
    @Property
    void behavesAsTheNaiveListDoes(
            @ForAll @Size(max = 80) List<@IntRange(max = 3) Integer> kinds,
            @ForAll @Size(max = 80) List<@IntRange(max = 99) Integer> choices) {
        InFlight real = new InFlight(3, TaskThreads.REAL);
        Naive naive = new Naive();
        List<InFlight.Entry> entries = new ArrayList<>();
        for (int step = 0; step < Math.min(kinds.size(), choices.size()); step++) {
            int choice = choices.get(step);
            int kind = entries.isEmpty() && kinds.get(step) != 3 ? 0 : kinds.get(step);
            switch (kind) {
                case 0 -> {
                    // An equal partition that is another object, as some sources make one for each record.
                    Map<String, Integer> partition = new HashMap<>(Map.of("p", choice % 3));
                    Map<String, Integer> offset = Map.of("n", entries.size());
                    entries.addAll(real.add(List.of(record(partition, offset))));
                    naive.add(partition, offset);
                }
                case 1 -> {
                    entries.get(choice % entries.size()).acknowledge();
                    naive.end(choice % entries.size(), true);
                }
                case 2 -> {
                    entries.get(choice % entries.size()).giveUp();
                    naive.end(choice % entries.size(), false);
                }
                default -> assertThat(real.takeCommittable()).isEqualTo(naive.take());
            }
        }
        assertThat(real.takeCommittable()).isEqualTo(naive.take());
    }

    /** All records there ever were; looks at all of them every time. */
    private static final class Naive {
        private record One(Map<String, Integer> partition, Map<String, Integer> offset, int state) {}

        private final List<One> all = new ArrayList<>();
        private Map<Map<String, ?>, Map<String, ?>> taken = new LinkedHashMap<>();

        void add(Map<String, Integer> partition, Map<String, Integer> offset) {
            all.add(new One(partition, offset, 0));
        }

        void end(int index, boolean acknowledged) {
            One one = all.get(index);
            if (one.state == 0) {
                all.set(index, new One(one.partition, one.offset, acknowledged ? 1 : 2));
            }
        }

        Map<Map<String, ?>, Map<String, ?>> take() {
            Map<Map<String, ?>, Map<String, ?>> committable = new LinkedHashMap<>();
            Map<Map<String, ?>, Boolean> held = new HashMap<>();
            for (One one : all) {
                if (one.state != 1) {
                    held.put(one.partition, true);
                } else if (!held.containsKey(one.partition)) {
                    committable.put(one.partition, one.offset);
                }
            }
            Map<Map<String, ?>, Map<String, ?>> news = new LinkedHashMap<>(committable);
            news.entrySet().removeAll(taken.entrySet());
            taken = committable;
            return news;
        }
    }
}
