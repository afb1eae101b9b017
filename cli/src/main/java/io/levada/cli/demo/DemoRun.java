/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import io.levada.cli.server.Installation;
import io.levada.cli.terminal.CommandName;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import io.levada.demo.Demo;
import io.levada.demo.DemoOptions;
import io.levada.demo.DemoProblem;
import io.levada.demo.ShellWord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** All that names a class of the demo: apart from the command, which is looked at by reflection for every verb. */
final class DemoRun {
    private DemoRun() {}

    static int run(
            Path folder,
            boolean fresh,
            @Nullable Integer seconds,
            boolean exitWhenDone,
            int changesPerSecond,
            Map<String, String> worker,
            CountDownLatch stop)
            throws InterruptedException {
        DemoOptions options;
        try {
            options = new DemoOptions(
                    folder,
                    fresh,
                    Optional.ofNullable(seconds).map(Duration::ofSeconds),
                    exitWhenDone,
                    changesPerSecond,
                    worker,
                    Installation.plugins(),
                    ShellWord.quoted(CommandName.here()));
        } catch (IllegalArgumentException wrong) {
            throw new Problem(ExitCode.USAGE, "cannot start the demo", String.valueOf(wrong.getMessage()), "", wrong);
        }
        try {
            return new Demo(options, System.out, isTerminal(), stop).run();
        } catch (DemoProblem problem) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "the demo cannot run",
                    String.valueOf(problem.getMessage()),
                    problem.remedy(),
                    problem);
        }
    }

    private static boolean isTerminal() {
        return Boolean.getBoolean("levada.terminal") && !"dumb".equals(System.getenv("TERM"));
    }
}
