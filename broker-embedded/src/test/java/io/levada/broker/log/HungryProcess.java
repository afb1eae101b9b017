/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A process with more partitions than it may open files, whose last descriptors are taken by something else. */
final class HungryProcess {
    static final int PARTITIONS = 250;

    private HungryProcess() {}

    public static void main(String[] args) throws IOException {
        LogOptions options = LogOptions.of(FlushPolicy.FSYNC);
        try (LogDirectory directory =
                LogDirectory.open(Path.of(args[0]), LogConfig.defaults(), options, InstantSource.system())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new TopicPartition("many", i))
                    .toList();
            List<PartitionLog> logs = directory.createAll(partitions, Uuid.randomUuid(), LogConfig.defaults());
            appendAndRead(logs);
            List<FileChannel> others = takeTheRest();
            appendAndRead(logs);
            for (FileChannel other : others) {
                other.close();
            }
            System.out.println("open files: " + directory.openFiles() + ", of others: " + others.size());
        }
        try (LogDirectory again =
                LogDirectory.open(Path.of(args[0]), LogConfig.defaults(), options, InstantSource.system())) {
            long whole =
                    again.logs().stream().filter(log -> log.logEndOffset() == 2).count();
            System.out.println("whole: " + whole);
        }
    }

    private static void appendAndRead(List<PartitionLog> logs) {
        for (PartitionLog log : logs) {
            log.durable(log.append(Batches.of("value")).nextOffset()).join();
        }
        for (PartitionLog log : logs) {
            log.read(0, 1000, true).records().batches().iterator().next();
        }
    }

    private static List<FileChannel> takeTheRest() {
        List<FileChannel> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ));
            } catch (IOException noneIsLeft) {
                return taken;
            }
        }
    }
}
