/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The config of a task as its plugin may ask for it at any time: with what the config providers say now, which may be other than what
 * it was started with (KIP-297). Values that live for a time only have the connector restarted, as those of a start have. Called by
 * threads of the plugin, and blocks as long as the providers take.
 */
public final class CurrentConfig implements Supplier<Map<String, @Nullable String>> {
    /** Some providers give new credentials each time they are asked: those before these are forgotten, and no longer hidden. */
    static final int REMEMBERED_MAX = 100;

    private final TaskSpec spec;
    private final Secrets secrets;
    private final Consumer<Resolved> told;
    private final boolean hasReferences;
    private final Resolved atStart;
    /** What else was given, the oldest first; this and the next are guarded by this. */
    private final Deque<Resolved> since = new ArrayDeque<>();

    private Map<String, @Nullable String> newest;

    /**
     * @param started what the task was started with
     * @param atStart what the providers gave for that, and for the connector's config
     * @param told hears of what they gave then and, the last {@value #REMEMBERED_MAX} times that it was something else, since, so that no message shows it
     */
    public CurrentConfig(
            TaskSpec spec,
            Secrets secrets,
            Map<String, @Nullable String> started,
            Resolved atStart,
            Consumer<Resolved> told) {
        this.spec = spec;
        this.secrets = secrets;
        this.hasReferences = !started.equals(spec.taskConfig());
        this.newest = new HashMap<>(started);
        this.atStart = atStart;
        this.told = told;
    }

    /** The caller's own, as Kafka Connect gives it: some plugins change what they get. */
    @Override
    public synchronized Map<String, @Nullable String> get() {
        if (hasReferences) {
            Map<String, @Nullable String> now =
                    secrets.resolveForTask(spec.id().connector(), spec.connectorConfig(), spec.taskConfig());
            if (!now.equals(newest)) {
                newest = now;
                remember(Resolved.between(spec.taskConfig(), now));
            }
        }
        return new HashMap<>(newest);
    }

    private void remember(Resolved given) {
        if (since.size() == REMEMBERED_MAX) {
            since.remove();
        }
        since.add(given);
        told.accept(atStart.and(since));
    }
}
