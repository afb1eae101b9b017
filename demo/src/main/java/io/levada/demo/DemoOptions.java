/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is asked to do.
 *
 * @param folder where everything it makes is kept; a second run over the same folder goes on where the first one was
 * @param fresh true to delete first what earlier demos made there
 * @param load how long changes are made, more than nothing; empty means until the process is told to stop
 * @param exitWhenDone true to end after {@code load}, once every change has arrived everywhere or has failed to
 * @param changesPerSecond changes made a second, at least 1
 * @param worker worker properties laid over the demo's own
 * @param bundledPlugins the folder of the distribution's plugins; null to find them on the class path
 * @param command what the user types to call levada, for the commands that the demo tells
 */
public record DemoOptions(
        Path folder,
        boolean fresh,
        Optional<Duration> load,
        boolean exitWhenDone,
        int changesPerSecond,
        Map<String, String> worker,
        @Nullable Path bundledPlugins,
        String command) {

    /** Where the demo is kept unless its user says otherwise, in the working directory. */
    public static final String USUAL_FOLDER = "levada-demo";

    public DemoOptions {
        if (changesPerSecond < 1) {
            throw new IllegalArgumentException("changes per second must be at least 1, not " + changesPerSecond);
        }
        if (load.isPresent() && (load.get().isNegative() || load.get().isZero())) {
            throw new IllegalArgumentException("changes cannot be made for " + load.get());
        }
        if (exitWhenDone && load.isEmpty()) {
            throw new IllegalArgumentException(
                    "--exit-when-done needs --seconds: without it changes are made for ever");
        }
        folder = folder.toAbsolutePath().normalize();
        worker = Map.copyOf(worker);
    }
}
