/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.threads.ApartThreads;
import io.levada.runtime.threads.Uninterrupted;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the plugins of the worker itself, each on a thread of its own and for a bounded time: one that hangs must keep neither the broker from being closed in
 * order nor the process from ending.
 */
public final class PluginClose {
    /** How long one plugin may take. */
    public static final Duration TIME_MAX = Duration.ofSeconds(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(PluginClose.class);

    private PluginClose() {}

    /** As {@link #of(String, Class, Duration, AutoCloseable)}, within {@link #TIME_MAX}. */
    public static void of(String key, Class<?> type, AutoCloseable close) {
        of(key, type, TIME_MAX, close);
    }

    /**
     * Runs {@code close} with the class loader of {@code type} as context class loader. Returns when it is through or its time is over, even if this thread is
     * interrupted; then it is interrupted and left behind. Whatever it throws is logged and not thrown, so that whoever is next is closed too.
     *
     * @param key the worker's key that names the plugin
     * @param type the plugin's class
     */
    static void of(String key, Class<?> type, Duration timeMax, AutoCloseable close) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread thread = ApartThreads.of("close-" + type.getSimpleName(), () -> {
            try {
                close.close();
            } catch (Throwable e) {
                LOGGER.atWarn()
                        .addKeyValue("key", key)
                        .addKeyValue("class", type.getName())
                        .setCause(FailureText.tellable(e))
                        .log("a plugin of the worker did not close");
            } finally {
                closed.complete(null);
            }
        });
        thread.setContextClassLoader(type.getClassLoader());
        thread.start();
        try {
            Void unused = Uninterrupted.get(closed, timeMax);
        } catch (TimeoutException e) {
            LOGGER.atWarn()
                    .addKeyValue("key", key)
                    .addKeyValue("class", type.getName())
                    .log("a plugin of the worker did not close within {} s and is left behind", timeMax.toSeconds());
            thread.interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("what a plugin throws is caught on its thread", e);
        }
    }
}
