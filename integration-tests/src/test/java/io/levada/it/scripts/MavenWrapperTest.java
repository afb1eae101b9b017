/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.it.scripts.FakeMachine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./mvnw} finds a Maven, or says how to get one; it changes only a machine that was made for the build. */
final class MavenWrapperTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String MAVEN = "case $* in --version) echo 'Apache Maven 3.9.9 (x)' ;; esac";

    @TempDir
    private Path folder;

    private FakeMachine machine;
    private Path mvnw;

    /** A checkout on a machine that has a package manager, and sudo, and no Maven. */
    @BeforeEach
    void aMachineWithoutMaven() throws IOException {
        machine = new FakeMachine(folder.resolve("machine"));
        machine.with("sudo", "exec \"$@\"");
        machine.with("apt-get", "case $* in *' maven') " + installMaven() + " ;; esac");
        mvnw = checkout(ROOT.resolve("mvnw"), folder.resolve("system"));
    }

    @Test
    void installsNothingOnSomebodysMachineAndSaysWhatToRun() throws Exception {
        machine.with("id", "echo 1000").with("brew", "").with("dnf", "");
        Files.createDirectories(folder.resolve("system"));
        Files.writeString(folder.resolve("system/.dockerenv"), "");

        Ended ended = machine.run(mvnw, "verify");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(machine.calls()).containsOnly("id -u");
        assertThat(ended.output())
                .contains("no Maven 3.8.6 or newer")
                .contains("sudo apt-get install maven", "sudo dnf install maven", "brew install maven", "sdk install")
                .contains("MVNW_REPOURL");
    }

    @Test
    void installsNothingAsRootOutsideAContainer() throws Exception {
        machine.with("id", "echo 0");

        assertThat(machine.run(mvnw, "verify").exitCode()).isEqualTo(1);

        assertThat(machine.calls()).noneMatch(call -> call.startsWith("apt-get") || call.startsWith("sudo"));
    }

    @Test
    void installsAsRootInAContainerAndSaysSo() throws Exception {
        machine.with("id", "echo 0");
        Files.createDirectories(folder.resolve("system/proc/1"));
        Files.writeString(folder.resolve("system/proc/1/environ"), "PATH=/bin\0container=podman\0");

        Ended ended = machine.run(mvnw, "verify");

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("installing the package maven");
        assertThat(machine.calls())
                .anyMatch(call -> call.startsWith("mvn -f") && call.endsWith(" verify -Dlevada.commit=unknown"));
    }

    @Test
    void installsWithSudoWhereAskedTo() throws Exception {
        machine.with("id", "echo 1000").set("MVNW_INSTALL", "yes");

        assertThat(machine.run(mvnw, "verify").exitCode()).isZero();

        assertThat(machine.calls()).anyMatch(call -> call.startsWith("sudo ") && call.endsWith(" maven"));
    }

    @Test
    void installsNothingInAContainerWhereForbidden() throws Exception {
        machine.with("id", "echo 0").set("MVNW_INSTALL", "no");
        Files.createDirectories(folder.resolve("system/run"));
        Files.writeString(folder.resolve("system/run/.containerenv"), "");

        assertThat(machine.run(mvnw, "verify").exitCode()).isEqualTo(1);

        assertThat(machine.calls()).noneMatch(call -> call.startsWith("apt-get"));
    }

    @Test
    void takesAnInstalledMavenThatIsNewEnough() throws Exception {
        machine.with("mvn", MAVEN);

        assertThat(machine.run(mvnw, "-q", "verify").exitCode()).isZero();

        assertThat(machine.calls())
                .contains("mvn -f " + mvnw.resolveSibling("pom.xml") + " -q verify -Dlevada.commit=unknown");
    }

    @Test
    void ciBringsMavenAndRunsTheReadmesCommand() throws Exception {
        machine.with("id", "echo 1000").with("javac", "").with("kcat", "");
        Path run = checkout(ROOT.resolve("mvnw"), folder.resolve("system")).resolveSibling(".ci/run");
        Files.createDirectories(run.getParent());
        Files.copy(ROOT.resolve(".ci/run"), run);

        Ended ended = machine.run(run);

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(machine.calls())
                .last()
                .asString()
                .startsWith("mvn -f")
                .endsWith("pom.xml verify -Dlevada.commit=unknown");
        assertThat(Files.readString(ROOT.resolve("README.md"))).contains("./mvnw verify");
    }

    @Test
    void ciInstallsTheJdkAndKcatThatAreMissing() throws Exception {
        machine.with("id", "echo 0");
        Path run = checkout(ROOT.resolve("mvnw"), folder.resolve("system")).resolveSibling(".ci/run");
        Files.createDirectories(run.getParent());
        Files.copy(ROOT.resolve(".ci/run"), run);

        Ended ended = machine.run(run);

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(machine.calls())
                .anyMatch(call -> call.contains("install") && call.endsWith("openjdk-17-jdk-headless kcat"));
    }

    private Path checkout(Path script, Path system) throws IOException {
        Path checkout = Files.createDirectories(folder.resolve("checkout"));
        Path copy = checkout.resolve("mvnw");
        String text = Files.readString(script);
        String place = "system= #";
        assertThat(text).contains(place);
        Files.writeString(copy, text.replace(place, "system='" + system + "' #"));
        assertThat(copy.toFile().setExecutable(true)).isTrue();
        Path properties = checkout.resolve(".mvn/wrapper/maven-wrapper.properties");
        Files.createDirectories(properties.getParent());
        if (Files.notExists(properties)) {
            Files.copy(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties"), properties);
        }
        return copy;
    }

    /** What installing the package does: from then on there is a Maven. */
    private String installMaven() throws IOException {
        Path maven = folder.resolve("mvn");
        FakeMachine.executable(maven, "echo \"mvn $*\" >>'" + machine.folder().resolve("calls") + "'\n" + MAVEN);
        return "mv '" + maven + "' '" + machine.folder().resolve("bin/mvn") + "'";
    }
}
