/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class DemoProblemTest {

    private static final Path FOLDER = Path.of("/srv/demo");

    @Test
    void withoutPermissionTheFolderIsNamedAndPortsAreNot() {
        DemoProblem problem = of(new AccessDeniedException("/srv/demo/files"));
        assertThat(problem).hasMessage("no permission to write /srv/demo/files");
        assertThat(problem.remedy()).contains("--dir").doesNotContain("port");
    }

    @Test
    void aReadOnlyDiskIsNamed() {
        DemoProblem problem = of(new FileSystemException("/srv/demo/files", null, "Read-only file system"));
        assertThat(problem).hasMessage("cannot write /srv/demo/files: Read-only file system");
        assertThat(problem.remedy()).contains("--dir").doesNotContain("port");
    }

    @Test
    void aFullDiskIsNamedWhoeverMeetsIt() {
        for (Exception met : new Exception[] {
            new FileSystemException("/srv/demo/x", null, "No space left on device"),
            new IOException("No space left on device"),
            new SQLException("could not extend file", "53100")
        }) {
            assertThat(of(met)).hasMessage("no space is left on the disk of /srv/demo");
            assertThat(of(met).remedy()).contains("Free some").doesNotContain("port");
        }
    }

    @Test
    void aPortInUseGetsTheHintOfPorts() {
        assertThat(of(new BindException("Address already in use")).remedy()).contains("A port in use?", "listeners=");
    }

    @Test
    void whatIsNotKnownGetsNoGuess() {
        DemoProblem problem = of(new IllegalStateException("oh"));
        assertThat(problem.getMessage()).contains("outer");
        assertThat(problem.remedy()).doesNotContain("port");
    }

    private static DemoProblem of(Exception cause) {
        return DemoProblem.of(new RuntimeException("outer", new IOException("middle", cause)), FOLDER);
    }
}
