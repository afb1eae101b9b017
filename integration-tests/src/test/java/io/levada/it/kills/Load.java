/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** All parts of the load, each on a thread of its own. */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final List<Part> parts = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Table table;
    private volatile boolean stopped;

    /** Makes the topics. */
    Load(Clients clients, long seed) {
        Numbers.createTopic(clients);
        Table.createTopic(clients);
        parts.add(new Numbers(clients));
        for (int partition = 0; partition < 2; partition++) {
            Copies copies = new Copies(clients, partition, seed + partition);
            copies.createTopic();
            parts.add(copies);
        }
        parts.addAll(Followers.two(clients));
        table = new Table(clients, seed);
        parts.add(table);
        parts.add(new Topics(clients, seed));
    }

    void start() {
        for (Part part : parts) {
            Thread thread =
                    new Thread(() -> run(part), "load-" + part.getClass().getSimpleName());
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void run(Part part) {
        try {
            while (!stopped) {
                part.step();
            }
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Fails if a part did. */
    void requireWell() {
        Throwable found = failure.get();
        if (found != null) {
            throw new AssertionError("a part of the load failed", found);
        }
    }

    /** Waits until every part got something acknowledged after this call. */
    void awaitProgress() throws InterruptedException {
        List<Long> before = parts.stream().map(Part::acknowledged).toList();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            while (part.acknowledged() == before.get(i)) {
                requireWell();
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("nothing was acknowledged to " + part + " within " + PATIENCE);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    void judge(Reader reader) {
        requireWell();
        parts.forEach(part -> part.judge(reader));
    }

    /** No part does anything more, and what they began is done. */
    void finish() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " does not end");
            }
        }
        requireWell();
        parts.forEach(Part::finish);
    }

    /** How much was acknowledged, by kind of load. */
    Map<String, Long> acknowledged() {
        Map<String, Long> counts = new HashMap<>();
        parts.forEach(part -> counts.merge(part.getClass().getSimpleName(), part.acknowledged(), Long::sum));
        counts.put("records of Table after compaction", table.seen());
        return counts;
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        parts.forEach(Part::close);
    }
}
