/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import io.levada.runtime.clients.InternalClients;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.herder.Herding;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.standalone.LocalLogs;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.topics.FencedLog;
import io.levada.runtime.topics.InternalTopicCreation;
import io.levada.runtime.topics.StateLogs;
import io.levada.runtime.topics.TopicLog;
import io.levada.runtime.topics.TopicLogs;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.connect.errors.ConnectException;

/** A worker's state, read to its end: the group's, as the internal topics hold it, or its own where it has no group. */
record StoredState(Herding herding, OffsetStore offsets, StatusStore statuses, StateLogs logs, String clusterId) {
    /** Makes the topics that are missing and reads all three, or a file; blocks. */
    static StoredState read(WorkerConfig config, InternalClients clients, OpenParts parts) {
        Herding herding = new Herding();
        OffsetStore offsets = new OffsetStore();
        StatusStore statuses = new StatusStore(InstantSource.system());
        StateLogs logs = parts.add(config.offsetsFile()
                .<StateLogs>map(
                        file -> new LocalLogs(file, config.topics().offsets().name()))
                .orElseGet(() -> new TopicLogs(clients)));
        String clusterId;
        try (Admin admin = Admin.create(clients.admin())) {
            clusterId = clusterId(admin.describeCluster().clusterId(), config);
            if (config.offsetsFile().isEmpty()) {
                new InternalTopicCreation(admin).ensure(config.topics());
            }
        }
        String configs = config.topics().configs().name();
        TopicLog log = logs.add(configs, herding.configs());
        herding.configs().writeTo(log);
        if (config.fencesLeaders()) {
            herding.configs().leadBy(parts.add(new FencedLog(log, configs, clients.leader(config.groupId()))));
        }
        offsets.writeTo(logs.add(config.topics().offsets().name(), offsets));
        statuses.writeTo(logs.add(config.topics().statuses().name(), statuses));
        Worker.join(logs.start().toCompletableFuture());
        return new StoredState(herding, offsets, statuses, logs, clusterId);
    }

    private static String clusterId(KafkaFuture<String> asked, WorkerConfig config) {
        try {
            return String.valueOf(asked.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while asking for the cluster's id", e);
        } catch (ExecutionException e) {
            throw new ConnectException(
                    "Cannot reach the brokers at bootstrap.servers=" + String.join(",", config.bootstrapServers())
                            + ": " + String.valueOf(e.getCause()),
                    e);
        }
    }
}
