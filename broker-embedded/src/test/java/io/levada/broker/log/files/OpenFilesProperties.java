/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.Batches;
import io.levada.broker.log.directory.FolderRemoval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;

/** Whatever is done with some files of which few may be open, each holds what was appended to it, and slices hold what they held. */
class OpenFilesProperties {
    private static final int FILES = 6;

    private enum Step {
        APPEND,
        READ,
        SLICE,
        READ_SLICE,
        FORCE,
        RENAME,
        REPLACE
    }

    record Action(Step step, int file) {}

    private record Held(LogFile file, LogSlice slice, List<String> values) {}

    @Property(tries = 150)
    void filesHoldWhatWasAppended(
            @ForAll @IntRange(min = 1, max = 3) int max,
            @ForAll @Size(min = 1, max = 80) List<@IntRange(min = 0, max = 7 * FILES - 1) Integer> actions)
            throws IOException {
        Path folder = Files.createTempDirectory("open");
        try {
            World world = new World(folder, max);
            for (int action : actions) {
                world.perform(new Action(Step.values()[action / FILES], action % FILES));
                assertThat(world.openNow()).isLessThanOrEqualTo(max).isEqualTo(world.open.count());
            }
            world.agree();
        } finally {
            FolderRemoval.remove(folder);
        }
    }

    private static final class World {
        private final Path folder;
        private final List<FileRecords> opened = new ArrayList<>();
        private final OpenFiles open;
        private final Map<Integer, LogFile> files = new TreeMap<>();
        private final Map<Integer, List<String>> expected = new TreeMap<>();
        private final List<Held> held = new ArrayList<>();
        private final AtomicInteger numbers = new AtomicInteger();

        World(Path folder, int max) throws IOException {
            this.folder = folder;
            this.open = new OpenFiles(max, new LogFiles() {
                @Override
                public FileRecords open(Path file) throws IOException {
                    FileRecords records = LogFiles.super.open(file);
                    opened.add(records);
                    return records;
                }
            });
            for (int i = 0; i < FILES; i++) {
                begin(i);
            }
        }

        private void begin(int number) throws IOException {
            files.put(number, LogFile.open(folder.resolve(number + ".log"), open));
            expected.put(number, new ArrayList<>());
        }

        int openNow() {
            return (int) opened.stream().filter(each -> each.channel().isOpen()).count();
        }

        void perform(Action action) throws IOException {
            LogFile file = Objects.requireNonNull(files.get(action.file));
            List<String> values = Objects.requireNonNull(expected.get(action.file));
            switch (action.step) {
                case APPEND -> {
                    String value = "value " + numbers.getAndIncrement();
                    file.append(Batches.of(value));
                    values.add(value);
                }
                case READ -> assertThat(values(all(file))).isEqualTo(values);
                case SLICE -> held.add(new Held(file, all(file), List.copyOf(values)));
                case READ_SLICE -> readSlices();
                case FORCE -> file.force();
                case RENAME -> file.rename(folder.resolve("renamed " + numbers.getAndIncrement()));
                case REPLACE -> replace(action.file, file);
            }
        }

        /** As a topic that is deleted and made again, or a segment that compaction has rewritten. */
        private void replace(int number, LogFile file) throws IOException {
            Path before = file.path();
            file.rename(folder.resolve("deleted " + numbers.getAndIncrement()));
            if (!before.equals(folder.resolve(number + ".log"))) {
                Files.deleteIfExists(folder.resolve(number + ".log"));
            }
            begin(number);
            if (numbers.get() % 2 == 0) {
                file.close();
                assertThatThrownBy(file::bytesOnDisk).isInstanceOf(IOException.class);
                held.removeIf(each -> each.file == file);
            }
        }

        private void readSlices() {
            held.forEach(each -> assertThat(values(each.slice)).isEqualTo(each.values));
        }

        void agree() {
            readSlices();
            files.forEach((number, file) -> assertThat(values(all(file))).isEqualTo(expected.get(number)));
        }

        private static LogSlice all(LogFile file) {
            return file.slice(0, file.sizeInBytes());
        }

        private static List<String> values(LogSlice slice) {
            List<String> values = new ArrayList<>();
            for (Record record : slice.records()) {
                values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
            }
            return values;
        }
    }
}
