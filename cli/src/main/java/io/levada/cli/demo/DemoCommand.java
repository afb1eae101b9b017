/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the demo, whose jars (a PostgreSQL and an S3 server among them) are on the class path for this verb alone. */
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
    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            defaultValue = "levada-demo",
            description = "Where everything is kept; a second run goes on there. Default: ${DEFAULT-VALUE}")
    private Path folder = Path.of("levada-demo");

    @Option(names = "--fresh", description = "Delete first what earlier demos made in the folder, and nothing else.")
    private boolean fresh;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            converter = Seconds.class,
            description = "How long to change rows, from 1 to 31536000. Default: until Ctrl-C")
    private @Nullable Integer seconds;

    @Option(
            names = "--exit-when-done",
            description =
                    "End after --seconds; exit code 0 only if each change is in the topic, the file and S3 exactly once.")
    private boolean exitWhenDone;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            converter = Rate.class,
            description = "Changes made a second, from 1 to 100000. Default: ${DEFAULT-VALUE}")
    private int changesPerSecond;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "A property of the demo's worker, such as listeners=http://localhost:0; repeatable.")
    private Map<String, String> worker = Map.of();

    @Override
    public Integer call() throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stop, ended), "levada-shutdown"));
        try {
            return DemoRun.run(folder, fresh, seconds, exitWhenDone, changesPerSecond, worker, stop);
        } catch (NoClassDefFoundError absent) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot start the demo",
                    "this installation has no lib/demo folder (" + absent.getMessage() + " is missing)",
                    "Take the whole distribution, or build it with ./mvnw package.",
                    absent);
        } finally {
            ended.countDown();
        }
    }

    /** The JVM ends when its shutdown hooks have: so this one waits until the demo has closed everything in order. */
    private static void stopAndWait(CountDownLatch stop, CountDownLatch ended) {
        stop.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A year is as good as for ever, and the time in nanoseconds still fits a long. */
    static final class Seconds extends WholeNumber {
        Seconds() {
            super(31_536_000);
        }
    }

    /** One transaction holds a tenth of it. */
    static final class Rate extends WholeNumber {
        Rate() {
            super(100_000);
        }
    }
}
