/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import io.levada.cli.server.Installation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the user calls levada from where they stand.
 *
 * @param home the installation; null when the command was started without its script
 * @param workingDirectory where they stand
 * @param path their {@code PATH}
 */
record CalledAs(@Nullable Path home, Path workingDirectory, String path) {

    private static final String NAME = "levada";

    /** In this process' surroundings. */
    static CalledAs here() {
        String path = System.getenv("PATH");
        return new CalledAs(Installation.home(), Path.of("").toAbsolutePath(), path == null ? "" : path);
    }

    /** {@code levada} if it is found by that name, else the path of the script, from the working directory if it is below. */
    String levada() {
        if (home == null) {
            return NAME;
        }
        Path script = script(home);
        if (isOnPath(script)) {
            return NAME;
        }
        if (!script.startsWith(workingDirectory)) {
            return script.toString();
        }
        Path below = workingDirectory.relativize(script);
        return below.getNameCount() == 1 ? "./" + below : below.toString();
    }

    /** A checkout keeps its installation in cli/target, and its script at its root. */
    private static Path script(Path home) {
        if (home.endsWith(Path.of("cli", "target", NAME))) {
            Path root = home.resolve("../../..").normalize();
            if (Files.exists(root.resolve("mvnw")) && Files.exists(root.resolve(NAME))) {
                return root.resolve(NAME);
            }
        }
        return home.resolve("bin").resolve(NAME);
    }

    /** Whether a shell that looks for the name finds this very script. */
    private boolean isOnPath(Path script) {
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> {
                    try {
                        return Stream.of(Path.of(folder, NAME));
                    } catch (InvalidPathException noFolder) {
                        return Stream.empty();
                    }
                })
                .filter(Files::isExecutable)
                .findFirst()
                .filter(found -> isSame(found, script))
                .isPresent();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
