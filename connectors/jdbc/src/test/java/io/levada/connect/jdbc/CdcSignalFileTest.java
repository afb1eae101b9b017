/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SourceHarness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are read again because a file asks for it. */
final class CdcSignalFileTest {

    private static final String AGAIN =
            "{\"id\": \"1\", \"type\": \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.t\"]}}\n";

    @TempDir
    private Path folder;

    private CdcFixture cdc;
    private Path file;
    private Path taken;

    @BeforeEach
    void makeDatabase() throws Exception {
        cdc = new CdcFixture();
        file = folder.resolve("signals.txt");
        taken = folder.resolve("signals.txt.0");
        cdc.config.put("signal.enabled.channels", "source,file");
        cdc.config.put("signal.file", file.toString());
        cdc.config.put("signal.poll.interval.ms", "1");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    }

    @Test
    void readsRowsAgainOnceAndForgetsTheFileWhenThatIsStored() throws Exception {
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            Files.writeString(file, "{\"id\": no signal, \"type\"}\n\n" + AGAIN);
            List<SourceRecord> told = source.poll(2, CdcFixture.PATIENCE);
            assertThat(CdcFixture.told(told)).containsExactly("r 1 ->1,a", "r 2 ->2,b");
            assertThat(file).doesNotExist();
            assertThat(taken).exists();
            source.commit();
            pollUntilGone(source, taken);
        }
    }

    /** The worker was killed after the file had been taken, before anything of it was stored. */
    @Test
    void takesAFileAgainOfWhichNothingIsStored() throws Exception {
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            source.commit();
            Files.writeString(taken, AGAIN);
            source.restart();
            assertThat(CdcFixture.told(source.poll(2, CdcFixture.PATIENCE))).containsExactly("r 1 ->1,a", "r 2 ->2,b");
        }
    }

    /** The worker was killed when what the file asks for had been stored, before the file was removed. */
    @Test
    void takesNoFileTwiceThatIsStored() throws Exception {
        try (SourceHarness source = cdc.start()) {
            cdc.untilMark(source);
            Files.writeString(file, AGAIN);
            assertThat(source.poll(2, CdcFixture.PATIENCE)).hasSize(2);
            Path kept = Files.copy(taken, folder.resolve("kept"));
            source.commit();
            pollUntilGone(source, taken);
            source.restart();
            Files.move(kept, taken, StandardCopyOption.REPLACE_EXISTING);
            pollUntilGone(source, taken);
            assertThat(cdc.untilMark(source)).isEmpty();
        }
    }

    private static void pollUntilGone(SourceHarness source, Path path) throws Exception {
        long deadline = System.nanoTime() + CdcFixture.PATIENCE.toNanos();
        while (Files.exists(path)) {
            assertThat(System.nanoTime()).as("%s is still there", path).isLessThan(deadline);
            assertThat(source.poll()).isEmpty();
        }
    }
}
