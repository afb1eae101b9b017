/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedDiskTest {
    private static final int SEEDS = 300;

    /** Something done to a disk, and what of it is asked for afterwards. */
    @FunctionalInterface
    private interface Act {
        void on(Path folder) throws IOException;
    }

    /** What a look finds after the power was cut, for many a chance. */
    private static Set<String> afterAPowerCut(Act before, String file) throws IOException {
        Set<String> found = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(seed));
            Path folder = disk.path("/folder");
            Files.createDirectory(folder);
            force(disk.path("/"));
            before.on(folder);
            disk.restart(true);
            Path path = folder.resolve(file);
            found.add(Files.exists(path) ? Files.readString(path) : "nothing");
        }
        return found;
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Test
    void whatWasForcedStays() throws IOException {
        assertThat(afterAPowerCut(
                        folder -> {
                            write(folder.resolve("a"), "kept");
                            force(folder.resolve("a"));
                            force(folder);
                        },
                        "a"))
                .containsExactly("kept");
    }

    @Test
    void whatWasNotForcedIsThereOrNotOrInPart() throws IOException {
        assertThat(afterAPowerCut(
                        folder -> {
                            write(folder.resolve("a"), "ab");
                            force(folder.resolve("a"));
                            force(folder);
                            write(folder.resolve("a"), "cd");
                        },
                        "a"))
                .contains("ab", "abc", "abcd", "ab\0\0")
                .allMatch(text -> text.startsWith("ab"));
    }

    @Test
    void aNameThatWasNotForcedMayVanish() throws IOException {
        assertThat(afterAPowerCut(
                        folder -> {
                            write(folder.resolve("a"), "x");
                            force(folder.resolve("a"));
                        },
                        "a"))
                .containsExactlyInAnyOrder("nothing", "x");
    }

    @Test
    void aFileReplacedInTheRightOrderIsTheOldOrTheNewOne() throws IOException {
        Act old = folder -> {
            write(folder.resolve("a"), "old");
            force(folder.resolve("a"));
            force(folder);
            write(folder.resolve("a.tmp"), "new");
        };
        assertThat(afterAPowerCut(
                        folder -> {
                            old.on(folder);
                            force(folder.resolve("a.tmp"));
                            Files.move(folder.resolve("a.tmp"), folder.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
                        },
                        "a"))
                .containsExactlyInAnyOrder("old", "new");
        assertThat(afterAPowerCut(
                        folder -> {
                            old.on(folder);
                            Files.move(folder.resolve("a.tmp"), folder.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
                        },
                        "a"))
                .contains("old", "new", "");
    }

    @Test
    void aDeletedFileMayComeBackUntilItsFolderIsForced() throws IOException {
        Act delete = folder -> {
            write(folder.resolve("a"), "x");
            force(folder.resolve("a"));
            force(folder);
            Files.delete(folder.resolve("a"));
        };
        assertThat(afterAPowerCut(delete, "a")).containsExactlyInAnyOrder("nothing", "x");
        assertThat(afterAPowerCut(
                        folder -> {
                            delete.on(folder);
                            force(folder);
                        },
                        "a"))
                .containsExactly("nothing");
    }

    @Test
    void aProcessThatIsOnlyKilledLosesNothing() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(1));
        write(disk.path("/a"), "x");
        disk.restart(false);
        assertThat(Files.readString(disk.path("/a"))).isEqualTo("x");
    }

    @Test
    void theProcessDiesInTheMiddleOfAStepAndDoesNothingMore() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(1));
        Path file = disk.path("/a");
        write(file, "x");
        disk.dieAfter(1);
        assertThatThrownBy(() -> write(file, "yyyyyyyy")).isInstanceOf(ProcessDeath.class);
        assertThatThrownBy(() -> Files.readString(file)).isInstanceOf(ProcessDeath.class);
        assertThat(disk.isDead()).isTrue();
        disk.restart(false);
        assertThat(Files.readString(file)).startsWith("x").hasSizeLessThanOrEqualTo(9);
    }

    @Test
    void whatADeadProcessLeftOpenCannotBeUsed() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(1));
        write(disk.path("/a"), "x");
        try (FileChannel open = FileChannel.open(disk.path("/a"), StandardOpenOption.READ)) {
            disk.restart(false);
            assertThatThrownBy(() -> open.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ProcessDeath.class);
        }
    }

    @Test
    void aClosedFileCannotBeUsed() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(InstantSource.system(), new SplittableRandom(1));
        write(disk.path("/a"), "x");
        FileChannel channel = FileChannel.open(disk.path("/a"), StandardOpenOption.READ);
        channel.close();
        assertThatThrownBy(() -> channel.force(true)).isInstanceOf(ClosedChannelException.class);
    }
}
