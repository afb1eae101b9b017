/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.directory.DirectoryLock;
import io.levada.broker.log.files.LogDirectoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DirectoryLockTest {
    @TempDir
    Path dir;

    /** Of this process a second one is refused by the JDK; by that the kernel must not lose the first one. */
    @Test
    void whoIsRefusedInTheSameProcessDoesNotLetAnotherProcessIn() throws Exception {
        try (DirectoryLock held = DirectoryLock.take(dir)) {
            assertThat(held).isNotNull();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> DirectoryLock.take(dir)).isInstanceOf(LogDirectoryException.class);
                assertThat(DirectoryLock.isTaken(dir)).isTrue();
            }
            System.gc();
            assertThat(askedByAnotherProcess()).isEqualTo("taken");
        }
        assertThat(askedByAnotherProcess()).isEqualTo("free");
        assertThat(DirectoryLock.isTaken(dir)).isFalse();
        DirectoryLock.take(dir).close();
    }

    /** What waits is of the file that was there, not of one that has taken its name. */
    @Test
    void aDirectoryMadeAnewHasALockOfItsOwn() throws Exception {
        try (DirectoryLock held = DirectoryLock.take(dir)) {
            assertThat(held).isNotNull();
            assertThat(DirectoryLock.isTaken(dir)).isTrue();
            Files.delete(dir.resolve(".lock"));
            assertThat(DirectoryLock.isTaken(dir)).isFalse();
            try (DirectoryLock another = DirectoryLock.take(dir)) {
                assertThat(another).isNotNull();
                assertThat(askedByAnotherProcess()).isEqualTo("taken");
            }
        }
    }

    private String askedByAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName(),
                        dir.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var answer = process.inputReader()) {
            String line = answer.readLine();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return line;
        }
    }

    /** Another process. */
    static final class Asking {
        public static void main(String[] args) throws Exception {
            System.out.println(DirectoryLock.isTaken(Path.of(args[0])) ? "taken" : "free");
        }
    }
}
