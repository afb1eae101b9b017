/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.PartitionMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Makes the folders of partitions and takes them away, so that a crash leaves none that is half of one under a partition's name. */
final class PartitionFolders {
    private final Path directory;
    private final LogFiles files;

    PartitionFolders(Path directory, LogFiles files) {
        this.directory = directory;
        this.files = files;
    }

    /** Where a partition's folder is, or would be. */
    Path of(TopicPartition partition) {
        return directory.resolve(partition.toString());
    }

    /** Makes the folder of an empty partition, under another name until it is whole. On disk after {@link #force}. */
    Path make(TopicPartition partition, Uuid topicId) throws IOException {
        Path folder = of(partition);
        Path unfinished = unfinished(partition);
        if (Files.exists(unfinished)) {
            FolderRemoval.remove(unfinished);
        }
        if (Files.exists(folder)) {
            // No partition of ours: of a creation that failed and could not be taken back, or put there by hand.
            rename(partition, LogFileNames.STRAY_FOLDER);
        }
        files.createFolder(unfinished);
        files.createFile(LogFileNames.file(unfinished, 0, LogFileNames.LOG));
        PartitionMetadata.write(unfinished, topicId);
        files.rename(unfinished, folder);
        return folder;
    }

    private Path unfinished(TopicPartition partition) {
        return directory.resolve(partition + LogFileNames.NEW_FOLDER);
    }

    /** On return what was made and renamed is on disk. */
    void force() throws IOException {
        files.forceFolder(directory);
    }

    /** Removes a folder that nobody has been told of, or its beginnings: the same creation can be tried again. */
    void removeUnused(TopicPartition partition, Exception reason) {
        for (Path folder : List.of(of(partition), unfinished(partition))) {
            try {
                if (Files.exists(folder)) {
                    FolderRemoval.remove(folder);
                }
            } catch (IOException | RuntimeException e) {
                reason.addSuppressed(e);
            }
        }
    }

    /** On return the folder has another name on disk, which nobody takes for a partition's. */
    Path rename(TopicPartition partition, String ending) throws IOException {
        Path renamed =
                directory.resolve(partition + "." + UUID.randomUUID().toString().replace("-", "") + ending);
        files.rename(of(partition), renamed);
        force();
        return renamed;
    }
}
