/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.cdc.event.TakenSignals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of files; CdcSignalFileTest does what they ask for. */
final class SignalFileTest {

    private static final String SIGNAL = "{\"id\": \"1\", \"type\": \"log\"}";

    @TempDir
    private Path folder;

    private SignalFile open(TakenSignals from) {
        return new SignalFile(folder.resolve("s.txt"), Duration.ZERO, from);
    }

    /** Several were stored at once, and the worker was killed before it looked again. */
    @Test
    void removesAllThatIsStoredAtAStart() throws Exception {
        for (int number = 0; number < 4; number++) {
            Files.writeString(folder.resolve("s.txt." + number), SIGNAL);
        }
        TakenSignals stored = TakenSignals.NONE.upToFile(folder.resolve("s.txt").toString(), 3);
        try (SignalFile file = open(stored)) {
            assertThat(file.next(stored))
                    .isNotNull()
                    .satisfies(arrived -> assertThat(arrived.where()).endsWith("s.txt.3"));
        }
        assertThat(folder).isDirectoryContaining("glob:**/s.txt.3").isDirectoryNotContaining("glob:**/s.txt.[012]");
    }

    /** A name that is configured may have neighbours. */
    @Test
    void leavesNumberedFilesAloneThatHoldNoSignals() throws Exception {
        Path before = Files.writeString(folder.resolve("s.txt.0"), "secret");
        Path next = Files.writeString(folder.resolve("s.txt.1"), "secret too");
        Files.writeString(folder.resolve("s.txt"), SIGNAL);
        TakenSignals stored = TakenSignals.NONE.upToFile(folder.resolve("s.txt").toString(), 1);
        try (SignalFile file = open(stored)) {
            assertThat(file.next(stored))
                    .isNotNull()
                    .satisfies(arrived -> assertThat(arrived.where()).endsWith("s.txt.2"));
        }
        assertThat(before).hasContent("secret");
        assertThat(next).hasContent("secret too");
    }

    @Test
    void countsTheFilesOfEachNameByThemselves() throws Exception {
        Path other = Files.writeString(folder.resolve("s.txt.0"), SIGNAL);
        TakenSignals stored = TakenSignals.NONE.upToFile("another.txt", 5);
        try (SignalFile file = open(stored)) {
            assertThat(file.next(stored))
                    .isNotNull()
                    .satisfies(arrived -> assertThat(arrived.where()).endsWith("s.txt.0"));
        }
        assertThat(other).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bootstrap.servers=k:9092\nsasl.jaas.config=secret\n",
                "{\n  \"type\": \"service_account\"\n}\n",
                "{\"password\": \"secret\"}",
                "\n\n"
            })
    void leavesAFileAloneThatHoldsNoSignals(String other) throws Exception {
        Path named = Files.writeString(folder.resolve("s.txt"), other);
        try (SignalFile file = open(TakenSignals.NONE)) {
            assertThat(file.next(TakenSignals.NONE)).isNull();
            assertThat(named).hasContent(other);
            assertThat(folder).isDirectoryNotContaining("glob:**/s.txt.*");

            Files.writeString(named, "\n" + SIGNAL);
            assertThat(file.next(TakenSignals.NONE))
                    .isNotNull()
                    .extracting(SignalChannel.Arrived::json)
                    .isEqualTo(SIGNAL);
        }
    }
}
