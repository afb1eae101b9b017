/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.log.PartitionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/** DescribeLogDirs: the one data directory, the size of each partition in it, and the room on its disk (KIP-827). */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest> {
    private final Topics topics;
    private final Path dataDir;
    private final Executor executor;

    /**
     * The handler.
     *
     * @param executor may block on disk
     */
    public DescribeLogDirsHandler(Topics topics, Path dataDir, Executor executor) {
        this.topics = topics;
        this.dataDir = dataDir.toAbsolutePath();
        this.executor = executor;
    }

    @Override
    public CompletableFuture<DescribeLogDirsResponse> handle(DescribeLogDirsRequest request, Caller caller) {
        caller.requireOnCluster(AclOperation.DESCRIBE);
        return CompletableFuture.supplyAsync(() -> answer(request), executor);
    }

    private DescribeLogDirsResponse answer(DescribeLogDirsRequest request) {
        Map<String, DescribeLogDirsTopic> found = new TreeMap<>();
        if (request.data().topics() == null) {
            for (Topic topic : topics.catalog().all()) {
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    add(found, new TopicPartition(topic.name(), partition));
                }
            }
        } else {
            for (DescribableLogDirTopic topic : request.data().topics()) {
                topic.partitions().forEach(partition -> add(found, new TopicPartition(topic.topic(), partition)));
            }
        }
        DescribeLogDirsResponseData answer = new DescribeLogDirsResponseData();
        try {
            FileStore disk = Files.getFileStore(dataDir);
            answer.results()
                    .add(new DescribeLogDirsResult()
                            .setLogDir(dataDir.toString())
                            .setTopics(List.copyOf(found.values()))
                            .setTotalBytes(disk.getTotalSpace())
                            .setUsableBytes(disk.getUsableSpace()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask for the room on the disk of " + dataDir, e);
        }
        return new DescribeLogDirsResponse(answer);
    }

    private void add(Map<String, DescribeLogDirsTopic> found, TopicPartition partition) {
        topics.log(partition)
                .map(PartitionLog::sizeInBytes)
                .ifPresent(bytes -> found.computeIfAbsent(
                                partition.topic(), name -> new DescribeLogDirsTopic().setName(name))
                        .partitions()
                        .add(new DescribeLogDirsPartition()
                                .setPartitionIndex(partition.partition())
                                .setPartitionSize(bytes)));
    }
}
