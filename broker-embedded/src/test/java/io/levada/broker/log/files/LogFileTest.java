/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.Batches;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.FileRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log files give way to one another, and nobody who reads or writes one notices. */
class LogFileTest {
    @TempDir
    Path dir;

    private final Disk disk = new Disk();

    /** Counts what is open, and can refuse to open or force. */
    private static final class Disk implements LogFiles {
        private final List<FileRecords> opened = new ArrayList<>();
        private int limit = Integer.MAX_VALUE;
        private int forces;
        private boolean forceFails;

        @Override
        public FileRecords open(Path file) throws IOException {
            if (openNow() >= limit) {
                throw new FileSystemException(file.toString(), null, "Too many open files");
            }
            FileRecords records = LogFiles.super.open(file);
            opened.add(records);
            return records;
        }

        @Override
        public void force(FileRecords file) throws IOException {
            forces++;
            if (forceFails) {
                throw new IOException("Input/output error");
            }
            LogFiles.super.force(file);
        }

        long openNow() {
            return opened.stream().filter(each -> each.channel().isOpen()).count();
        }
    }

    private List<LogFile> files(int count, OpenFiles open) throws IOException {
        List<LogFile> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LogFile file = LogFile.open(dir.resolve(i + ".log"), open);
            file.append(Batches.of("value " + i));
            file.force();
            files.add(file);
        }
        return files;
    }

    private static String value(LogSlice slice) {
        var record = slice.records().iterator().next();
        return java.nio.charset.StandardCharsets.UTF_8.decode(record.value()).toString();
    }

    private static LogSlice all(LogFile file) {
        return file.slice(0, file.sizeInBytes());
    }

    @Test
    void noMoreAreOpenThanMayBe() throws IOException {
        OpenFiles open = new OpenFiles(3, disk);
        List<LogFile> files = files(20, open);
        for (int i = 0; i < files.size(); i++) {
            assertThat(value(all(files.get(i)))).isEqualTo("value " + i);
            assertThat(disk.openNow()).isLessThanOrEqualTo(3);
            assertThat(open.count()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aFileThatIsGoneIsNotMadeAnew() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(2, open);
        Files.delete(files.get(0).path());
        assertThatThrownBy(files.get(0)::bytesOnDisk).isInstanceOf(NoSuchFileException.class);
        assertThat(files.get(0).path()).doesNotExist();
    }

    @Test
    void aQuarterGivesWayWhereTheSystemRefuses() throws IOException {
        OpenFiles open = new OpenFiles(1000, disk);
        List<LogFile> files = files(1000, open);
        disk.limit = (int) disk.openNow() - 1;
        LogFile another = LogFile.open(dir.resolve("another.log"), open);
        assertThat(another.sizeInBytes()).isZero();
        assertThat(disk.openNow()).isBetween(740L, 760L);
        assertThat(files).hasSize(1000);
    }

    @Test
    void whatIsUsedOftenStaysOpen() throws IOException {
        OpenFiles open = new OpenFiles(3, disk);
        List<LogFile> files = files(10, open);
        LogFile often = files.get(0);
        value(all(often));
        int before = disk.opened.size();
        for (LogFile file : files) {
            value(all(file));
            value(all(often));
        }
        assertThat(disk.opened.size() - before).isEqualTo(files.size() - 1);
    }

    @Test
    void sliceIsReadWhateverBecameOfTheFileMeanwhile() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(3, open);
        LogSlice slice = all(files.get(0));
        value(all(files.get(1)));
        files.get(0).rename(dir.resolve("0.log.deleted"));
        assertThat(value(slice)).isEqualTo("value 0");
        files.get(2).append(Batches.of("another"));
        assertThat(value(slice)).isEqualTo("value 0");
    }

    @Test
    void appendsGoOnAtTheEndAfterItGaveWay() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(2, open);
        for (int i = 0; i < 5; i++) {
            files.get(i % 2).append(Batches.of("more"));
        }
        assertThat(all(files.get(0)).batches()).hasSize(4);
        assertThat(all(files.get(1)).batches()).hasSize(3);
    }

    @Test
    void anotherFileOfItsNameIsNotTakenForIt() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(2, open);
        Path path = files.get(0).path();
        Path other = Files.copy(path, dir.resolve("other"));
        Files.delete(path);
        Files.move(other, path);
        assertThatThrownBy(() -> files.get(0).bytesOnDisk())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0.log is not the file that it was");
    }

    @Test
    void fileThatWasCutByOthersIsNotServed() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(2, open);
        Files.write(files.get(0).path(), new byte[10]);
        assertThatThrownBy(() -> files.get(0).bytesOnDisk()).hasMessageContaining("cut it to 10 of");
    }

    @Test
    void whatWasNotForcedIsForcedBeforeItIsClosed() throws IOException {
        OpenFiles open = new OpenFiles(2, disk);
        List<LogFile> files = files(2, open);
        files.get(0).append(Batches.of("not forced"));
        int before = disk.forces;
        LogFile.open(dir.resolve("a.log"), open);
        assertThat(disk.forces).as("the other one has nothing to force").isEqualTo(before);
        files.get(1).append(Batches.of("not forced"));
        LogFile.open(dir.resolve("b.log"), open).append(Batches.of("b"));
        assertThat(disk.forces).isGreaterThan(before);
    }

    @Test
    void whatCouldNotBeForcedIsToldByTheNextForceThoughTheDiskIsWellAgain() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        LogFile file = files(1, open).get(0);
        file.append(Batches.of("lost"));
        disk.forceFails = true;
        LogFile.open(dir.resolve("a.log"), open);
        disk.forceFails = false;
        assertThatThrownBy(file::force).hasMessageContaining("an earlier force of " + file + " failed");
    }

    @Test
    void fileInUseIsNotTakenAway() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(3, open);
        String read = files.get(0).reading(records -> {
            value(all(files.get(1)));
            return records.channel().isOpen() + " "
                    + records.batches().iterator().hasNext();
        });
        assertThat(read).isEqualTo("true true");
        value(all(files.get(2)));
        assertThat(open.count()).isEqualTo(1);
    }

    @Test
    void closingWaitsForWhoReads() throws IOException {
        OpenFiles open = new OpenFiles(5, disk);
        LogFile file = files(1, open).get(0);
        boolean stayed = file.reading(records -> {
            file.close();
            return records.channel().isOpen();
        });
        assertThat(stayed).isTrue();
        assertThat(open.count()).isZero();
        assertThat(disk.openNow()).isZero();
        assertThatThrownBy(file::bytesOnDisk)
                .as("which the cleaner takes for a segment that retention took away")
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("closed, or deleted");
    }

    @Test
    void othersGiveWayWhereTheSystemRefusesBeforeTheBoundIsReached() throws IOException {
        OpenFiles open = new OpenFiles(1000, disk);
        disk.limit = 5;
        List<LogFile> files = files(20, open);
        for (int i = 0; i < files.size(); i++) {
            assertThat(value(all(files.get(i)))).isEqualTo("value " + i);
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhyAndIsWholeAfterwards() throws IOException {
        OpenFiles open = new OpenFiles(1, disk);
        List<LogFile> files = files(2, open);
        disk.limit = 0;
        assertThatThrownBy(() -> files.get(0).append(Batches.of("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot open " + dir.resolve("0.log"))
                .hasMessageContaining("Too many open files")
                .hasMessageContaining("ulimit -n");
        assertThat(open.count()).isZero();
        disk.limit = 5;
        files.get(0).append(Batches.of("a"));
        assertThat(all(files.get(0)).batches()).hasSize(2);
    }
}
