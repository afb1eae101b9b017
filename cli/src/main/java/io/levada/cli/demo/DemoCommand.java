/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Hands the words after {@code demo} to {@code io.levada.demo.Demo.run(String...)}, which returns the exit code. It is found
 * by name, because its jars (a PostgreSQL among them) are an extra folder that a small installation may leave out.
 */
@Command(
        name = "demo",
        header = {
            "Streams a changing PostgreSQL table into a topic, files and S3, everything inside.",
            "",
            "  levada demo",
            "  levada demo --seconds 20 --exit-when-done",
            ""
        })
public final class DemoCommand implements Callable<Integer> {
    private static final String DEMO = "io.levada.demo.Demo";

    @Unmatched
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws Exception {
        try {
            Object exitCode = Class.forName(DEMO)
                    .getMethod("run", String[].class)
                    .invoke(null, (Object) arguments.toArray(String[]::new));
            return (Integer) exitCode;
        } catch (InvocationTargetException failed) {
            throw asException(failed.getCause());
        } catch (ReflectiveOperationException absent) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot start the demo",
                    "this installation has no " + DEMO + " in its lib/demo folder",
                    "Take the whole distribution, or build it with ./mvnw package.",
                    absent);
        }
    }

    private static Exception asException(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : new IllegalStateException(cause);
    }
}
