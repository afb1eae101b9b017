/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.runtime.Installed;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the start script says that this installation is. */
public final class Installation {
    private static final String HOME = "levada.home";

    private Installation() {}

    /** The folder of the bundled plugins; null when the command was started without its script. */
    public static @Nullable Path plugins() {
        String home = System.getProperty(HOME);
        return home == null ? null : Path.of(home, "plugins");
    }

    /** What this installation brings along for a worker. */
    static Installed parts() {
        String home = System.getProperty(HOME);
        return home == null
                ? Installed.NOTHING
                : new Installed(Path.of(home, "plugins"), Path.of(home, "lib", "rest-extensions"));
    }
}
