/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Time that passes when told to, and what is due in it. */
final class ManualTime implements Timer, InstantSource {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Due> due = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    private record Due(Duration at, Runnable message, CompletableFuture<Void> handle) {}

    @Override
    public Future<?> after(Duration delay, Runnable message) {
        Due added = new Due(passed.plus(delay), message, new CompletableFuture<>());
        due.add(added);
        return added.handle;
    }

    /** Lets time pass; runs what falls due, in order. */
    void pass(Duration time) {
        Duration end = passed.plus(time);
        while (true) {
            due.removeIf(each -> each.handle.isCancelled());
            Due next = due.stream()
                    .filter(each -> each.at.compareTo(end) <= 0)
                    .min(Comparator.comparing(Due::at))
                    .orElse(null);
            if (next == null) {
                break;
            }
            due.remove(next);
            passed = next.at;
            next.message.run();
        }
        passed = end;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plus(passed);
    }

    long nanos() {
        return passed.toNanos();
    }
}
