/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalledAsTest {

    @TempDir
    private Path folder;

    private Path checkout;
    private Path distribution;

    @BeforeEach
    void install() throws IOException {
        checkout = Files.createDirectories(folder.resolve("checkout"));
        Files.createFile(checkout.resolve("mvnw"));
        program(checkout.resolve("levada"));
        Files.createDirectories(checkout.resolve("cli/target/levada"));
        distribution = Files.createDirectories(folder.resolve("levada-1.0"));
        program(distribution.resolve("bin/levada"));
    }

    @Test
    void inACheckoutItIsTheScriptAtItsRoot() {
        assertThat(calledAs(checkout.resolve("cli/target/levada"), checkout, "/usr/bin"))
                .isEqualTo("./levada");
    }

    @Test
    void inADistributionItIsTheScriptInBin() {
        assertThat(calledAs(distribution, distribution, "")).isEqualTo("bin/levada");
        assertThat(calledAs(distribution, distribution.resolve("bin"), "")).isEqualTo("./levada");
        assertThat(calledAs(distribution, folder, "")).isEqualTo("levada-1.0/bin/levada");
    }

    @Test
    void fromElsewhereItIsTheWholePath() {
        assertThat(calledAs(distribution, checkout, ""))
                .isEqualTo(distribution.resolve("bin/levada").toString());
    }

    @Test
    void onThePathItIsTheNameUnlessThatIsAnother() throws IOException {
        Path links = Files.createDirectories(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("levada"), distribution.resolve("bin/levada"));

        assertThat(calledAs(distribution, checkout, "/nowhere:" + links)).isEqualTo("levada");
        assertThat(calledAs(distribution, distribution, checkout + ":" + links)).isEqualTo("bin/levada");
    }

    private static String calledAs(Path home, Path workingDirectory, String path) {
        return new CalledAs(home, workingDirectory, path).levada();
    }

    private static void program(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
