/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * A plugin is there and cannot be used, because a class of it or one that it needs cannot be loaded. The message names the plugin, where
 * it lies, the class, and what to do.
 */
public final class PluginLoadException extends ConnectException {
    private static final long serialVersionUID = 1L;
    private static final int CAUSES_MAX = 50;

    PluginLoadException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For a class that could not be linked while it was loaded or called. */
    static PluginLoadException of(String className, String location, LinkageError failure) {
        return new PluginLoadException(
                "The plugin " + className + " (from " + location + ") cannot be used: " + LinkageAdvice.of(failure),
                failure);
    }

    /**
     * For code of a plugin that was called and met a class that could not be linked.
     *
     * @param plugin the plugin that was called; null if that is not known, then the message has the code that failed alone
     */
    public static PluginLoadException of(@Nullable String plugin, LinkageError failure) {
        return of(plugin, failure, failure);
    }

    private static PluginLoadException of(@Nullable String plugin, LinkageError linkage, Throwable failure) {
        return new PluginLoadException(
                (plugin == null ? "A plugin" : "The plugin " + plugin) + " cannot go on: " + LinkageAdvice.of(linkage),
                failure);
    }

    /**
     * Puts the missing class and the way out in front of a failure that has a class that could not be linked among its causes. Any other
     * failure, one that says so already, and one that cannot be asked for its causes, is returned as it is.
     *
     * @param plugin as above
     */
    public static Throwable explained(Throwable failure, @Nullable String plugin) {
        try {
            Throwable cause = failure;
            for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
                if (cause instanceof PluginLoadException) {
                    return failure;
                }
                if (cause instanceof LinkageError linkage) {
                    return of(plugin, linkage, failure);
                }
                cause = cause.getCause();
            }
        } catch (Throwable cannotBeAsked) {
            // A plugin's own class may throw when it is asked for its cause. What it is thrown for goes on all the
            // same.
        }
        return failure;
    }
}
