/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.ConnectorName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A config of {@link ScriptedSource}.
 *
 * @param tasks how many tasks it makes
 * @param fails whether its start fails, until it is mended from outside
 * @param slow whether connector and tasks take their time to start and stop
 */
record Wanted(int tasks, boolean fails, boolean slow) {
    static final String TASKS = "scripted.tasks";
    static final String FAILS = "scripted.fails";
    static final String SLOW = "scripted.slow";
    static final String VERSION = "scripted.version";

    /** As it is sent; no two versions are the same. */
    Map<String, @Nullable String> config(ConnectorName name, int version) {
        Map<String, @Nullable String> config = patch(version);
        config.put("name", name.value());
        config.put("connector.class", ScriptedSource.class.getName());
        config.put("tasks.max", "9");
        config.values().removeIf(value -> value == null);
        return config;
    }

    /** What makes any earlier config this one: null takes a key away. */
    Map<String, @Nullable String> patch(int version) {
        Map<String, @Nullable String> config = new LinkedHashMap<>();
        config.put(TASKS, String.valueOf(tasks));
        config.put(VERSION, String.valueOf(version));
        config.put(FAILS, fails ? "true" : null);
        config.put(SLOW, slow ? "true" : null);
        return config;
    }

    @Override
    public String toString() {
        return tasks + (tasks == 1 ? " task" : " tasks") + (fails ? ", failing" : "") + (slow ? ", slow" : "");
    }
}
