/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

/** Hears of changes in the config topic, on the thread that reads it; must not block. */
public interface ConfigListener {
    /** The config is another now. */
    void onConfig(ClusterConfig config);

    /** Somebody asks for a restart. */
    void onRestart(RestartRequest request);

    /** Somebody asks for a level of a logger. */
    default void onLevel(LevelRequest request) {}
}
