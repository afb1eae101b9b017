/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The start script at the root of a checkout builds once, whoever else starts, was killed, or left what behind. Small scripts stand in for
 * {@code ./mvnw} and the JVM.
 */
@Timeout(300)
class LauncherBuildTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** Notes that it began, waits for the file {@code go} if there is one called {@code hold}, and builds what there is to build. */
    private static final String MVNW = """
            #!/bin/sh
            cd "$(dirname "$0")"
            echo build >>builds
            while [ -f hold ]; do sleep 0.1; done
            mkdir -p cli/target/levada/lib
            """;

    @TempDir
    Path dir;

    private Path lock;

    @BeforeEach
    void aCheckout() throws IOException {
        Files.copy(Path.of("..", "levada"), dir.resolve("levada"));
        executable("mvnw", MVNW);
        executable("jre/bin/java", "#!/bin/sh\necho \"java $*\"\n");
        Files.writeString(dir.resolve("jre/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Files.createDirectories(dir.resolve("target"));
        lock = dir.resolve("target/levada-build.builder");
    }

    @Test
    void twoAtOnceBuildOnceAndTheSecondSaysWhatItWaitsFor() throws Exception {
        Files.createFile(dir.resolve("hold"));
        Process first = levada("first");
        await().atMost(DEADLINE).until(() -> builds() == 1);
        Process second = levada("second");
        await().atMost(DEADLINE).until(() -> output("second").matches("(?s).*process \\d+ is building.*"));
        Files.delete(dir.resolve("hold"));

        assertThat(exitCode(first)).isZero();
        assertThat(exitCode(second)).isZero();
        assertThat(builds()).isEqualTo(1);
        assertThat(output("second")).contains("java ").containsOnlyOnce("is building");
        assertNothingLeft();
    }

    @Test
    void lockOfAProcessThatIsNoMoreIsBroken() throws Exception {
        leaveLock(deadProcess() + "-1");

        assertThat(exitCode(levada("next"))).isZero();

        assertThat(builds()).isEqualTo(1);
        assertNothingLeft();
    }

    @Test
    void lockWhoseProcessIdIsAnotherProcessByNowIsBroken() throws Exception {
        leaveLock(ProcessHandle.current().pid() + "-1");

        assertThat(exitCode(levada("next"))).isZero();

        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void builderKilledAtAnyMomentDoesNotBlockTheNext() throws Exception {
        Files.createFile(dir.resolve("hold"));
        Process killed = levada("killed");
        await().atMost(DEADLINE).until(() -> Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
        killed.destroyForcibly();
        exitCode(killed);
        Files.delete(dir.resolve("hold"));

        assertThat(exitCode(levada("next"))).isZero();

        assertNothingLeft();
    }

    @Test
    void buildOfAKilledBuilderIsWaitedFor() throws Exception {
        Files.createFile(dir.resolve("hold"));
        Process killed = levada("killed");
        await().atMost(DEADLINE).until(() -> builds() == 1);
        killed.destroyForcibly();
        exitCode(killed);

        Process next = levada("next");
        await().atMost(DEADLINE).until(() -> output("next").contains("is building"));
        assertThat(builds()).as("none beside the one that goes on").isEqualTo(1);
        Files.delete(dir.resolve("hold"));

        assertThat(exitCode(next)).isZero();
        assertThat(builds()).as("what nobody waited for is done again").isEqualTo(2);
    }

    /** A build that nobody can wait for never begins. */
    @Test
    void builderKilledBeforeItsBuildHasTheLockBuildsNothing() throws Exception {
        // Handing the lock over takes as long as the test wants.
        executable("tools/ln", """
                #!/bin/sh
                case $* in *.builder.[0-9]*) touch "%1$s/handing"; while [ -f "%1$s/slow" ]; do sleep 0.1; done ;; esac
                PATH=${PATH#*:} exec ln "$@"
                """.formatted(dir));
        Files.createFile(dir.resolve("slow"));
        Process killed = levada("killed");
        await().atMost(DEADLINE).until(() -> Files.exists(dir.resolve("handing")));
        List<ProcessHandle> children = killed.descendants().toList();
        killed.destroyForcibly();
        exitCode(killed);
        Files.delete(dir.resolve("slow"));
        await().atMost(DEADLINE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(builds()).isZero();

        assertThat(exitCode(levada("next"))).isZero();

        assertThat(builds()).isEqualTo(1);
        assertNothingLeft();
    }

    /** The lock never exists without its owner: there is no moment for a builder to die in. */
    @Test
    void lockSaysWhoseItIsFromItsFirstMoment() throws Exception {
        Files.createFile(dir.resolve("hold"));
        Process builder = levada("builder");
        await().atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Files.exists(lock, LinkOption.NOFOLLOW_LINKS));
        long owner = Long.parseLong(Files.readSymbolicLink(lock).toString().replaceFirst("-.*", ""));
        assertThat(Stream.concat(Stream.of(builder.toHandle()), builder.descendants())
                        .map(ProcessHandle::pid))
                .contains(owner);
        Files.delete(dir.resolve("hold"));
        assertThat(exitCode(builder)).isZero();
    }

    @Test
    void signalInTheFirstBuildEndsItWithAWordAndLeavesNothing() throws Exception {
        Files.createFile(dir.resolve("hold"));
        Process builder = levada("stopped");
        await().atMost(DEADLINE).until(() -> builds() == 1);
        List<ProcessHandle> mvnw = builder.descendants().toList();
        assertThat(mvnw).isNotEmpty();

        new ProcessBuilder("kill", "-INT", String.valueOf(builder.pid()))
                .start()
                .waitFor();

        assertThat(exitCode(builder)).isEqualTo(130);
        assertThat(output("stopped")).contains("the build was stopped; the next ./levada builds again");
        await().atMost(DEADLINE).until(() -> mvnw.stream().noneMatch(ProcessHandle::isAlive));
        assertNothingLeft();
    }

    @Test
    void failedBuildIsShownAndTheNextStartTriesAgain() throws Exception {
        executable("mvnw", "#!/bin/sh\necho build >>\"$(dirname \"$0\")/builds\"\necho 'no such symbol'\nexit 1\n");

        assertThat(exitCode(levada("failed"))).isEqualTo(1);
        assertThat(output("failed")).contains("no such symbol").contains("target/levada-build.log");
        assertNothingLeft();

        executable("mvnw", MVNW);
        assertThat(exitCode(levada("again"))).isZero();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void checkoutThatCannotBeWrittenIsToldAndNotWaitedFor() throws Exception {
        // A file where the folder should be: root may write in a read-only folder, so permissions would prove nothing.
        Files.delete(dir.resolve("target"));
        Files.createFile(dir.resolve("target"));

        assertThat(exitCode(levada("readonly"))).isEqualTo(1);

        assertThat(output("readonly"))
                .contains(dir.toRealPath().resolve("target") + " cannot be written")
                .contains("LEVADA_BUILD=off");
    }

    @Test
    void whatIsInTheWayOfTheLockIsNamed() throws Exception {
        Files.createDirectories(lock.resolve("full"));

        assertThat(exitCode(levada("blocked"))).isEqualTo(1);

        assertThat(output("blocked"))
                .contains("cannot build")
                .contains(lock.getFileName().toString());
    }

    @Test
    void whatServersKeepInTheCheckoutMakesNothingStale() throws Exception {
        assertThat(exitCode(levada("first"))).isZero();
        for (String folder : List.of("levada-data", "levada-demo")) {
            Path kept = Files.createDirectories(dir.resolve(folder)).resolve("pom.xml");
            Files.setLastModifiedTime(
                    Files.createFile(kept), FileTime.from(Instant.now().plusSeconds(60)));
        }

        assertThat(exitCode(levada("second"))).isZero();

        assertThat(builds()).isEqualTo(1);
    }

    private Process levada(String name) throws IOException {
        ProcessBuilder command =
                new ProcessBuilder(Interruptible.command(dir.resolve("levada").toString(), "topics", "list"));
        command.environment().put("JAVA_HOME", dir.resolve("jre").toString());
        command.environment().put("LEVADA_JSA", "off");
        command.environment().merge("PATH", dir.resolve("tools").toString(), (path, tools) -> tools + ":" + path);
        command.environment().remove("LEVADA_BUILD");
        return command.redirectErrorStream(true)
                .redirectOutput(dir.resolve(name + ".out").toFile())
                .start();
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return process.exitValue();
    }

    private static long deadProcess() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    private void leaveLock(String owner) throws IOException {
        Files.createSymbolicLink(lock, Path.of(owner));
    }

    private int builds() throws IOException {
        Path builds = dir.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    private String output(String name) throws IOException {
        return Files.readString(dir.resolve(name + ".out"));
    }

    /** All that may stay in {@code target/} is the log. */
    private void assertNothingLeft() throws IOException {
        try (Stream<Path> left = Files.list(dir.resolve("target"))) {
            assertThat(left.map(file -> file.getFileName().toString())).containsOnly("levada-build.log");
        }
    }

    private void executable(String name, String script) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
