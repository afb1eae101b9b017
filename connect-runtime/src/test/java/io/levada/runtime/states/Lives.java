/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The lives of connectors or tasks that go on just now, as they tell themselves; any thread.
 *
 * @param <K> whose life
 * @param <L> the life
 */
final class Lives<K, L> {
    private final Map<K, Begun<L>> running = new ConcurrentHashMap<>();
    private final IntSupplier step;
    private final Consumer<String> violations;

    /**
     * @param version of the config it runs with
     * @param since the step of the history at which it began
     */
    record Begun<L>(L life, int version, int since) {
        @Override
        public String toString() {
            return " v" + version + " since " + since;
        }
    }

    Lives(IntSupplier step, Consumer<String> violations) {
        this.step = step;
        this.violations = violations;
    }

    void begin(K key, L life, int version) {
        Begun<L> begun = new Begun<>(life, version, step.getAsInt());
        Begun<L> other = running.putIfAbsent(key, begun);
        if (other != null) {
            violations.accept(key + begun.toString() + " began while" + other + " had not ended");
        }
    }

    void end(K key, L life) {
        Begun<L> begun = running.get(key);
        if (begun != null && begun.life == life) {
            running.remove(key, begun);
        }
    }

    Optional<Begun<L>> of(K key) {
        return Optional.ofNullable(running.get(key));
    }

    /** All of them at this moment. */
    Map<K, Begun<L>> all() {
        return Map.copyOf(running);
    }
}
