/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The disk operations whose failure decides about data; tests put a failing disk here. */
public interface LogFiles {
    LogFiles SYSTEM = new LogFiles() {};

    /** Opens a log file for reads and for appends at its end; makes it where there is none. */
    default FileRecords open(Path file) throws IOException {
        return FileRecords.open(file.toFile());
    }

    /** Writes all batches at the end of the file, from the buffer they arrived in. */
    default void append(FileRecords file, MemoryRecords batches) throws IOException {
        file.append(batches);
    }

    /** Takes off what a failed append left behind. */
    default void truncate(FileRecords file, int size) throws IOException {
        file.truncateTo(size);
    }

    /** Blocks until the file's bytes and its size are on disk. */
    default void force(FileRecords file) throws IOException {
        file.channel().force(false);
    }

    /** Makes an empty folder. */
    default void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder);
    }

    /** Makes an empty file. */
    default void createFile(Path file) throws IOException {
        Files.createFile(file);
    }

    /** Gives a file or a folder another name, taking the place of a file that has it; the name is on disk after {@link #forceFolder}. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes a file if it is there. */
    default void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** Blocks until the names in a folder are on disk. */
    default void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
