/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The config of a task as its plugin may ask for it at any time: with what the config providers say now, which may be other than what
 * it was started with (KIP-297). Called by threads of the plugin, and blocks as long as the providers take.
 */
public final class CurrentConfig implements Supplier<Map<String, @Nullable String>> {
    private final Map<String, @Nullable String> given;
    private final Secrets secrets;
    private final Consumer<Resolved> told;
    private Map<String, @Nullable String> newest;
    private Resolved known;

    /**
     * @param started what the task was started with
     * @param known what the providers gave for that
     * @param told hears of what else they give, so that no message shows it
     */
    public CurrentConfig(
            TaskSpec spec,
            Secrets secrets,
            Map<String, @Nullable String> started,
            Resolved known,
            Consumer<Resolved> told) {
        this.given = spec.taskConfig();
        this.secrets = secrets;
        this.newest = started;
        this.known = known;
        this.told = told;
    }

    @Override
    public synchronized Map<String, @Nullable String> get() {
        if (!newest.equals(given)) { // It holds references.
            Map<String, @Nullable String> now = secrets.resolve(given);
            if (!now.equals(newest)) {
                newest = now;
                known = known.and(Resolved.between(given, now));
                told.accept(known);
            }
        }
        return newest;
    }
}
