/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.takeover.ClusterMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** The settings of partitions before their topics are loaded: recovery has to know which are compacted. Reads once, when it is first asked. */
public final class SettingsOnDisk implements LogDirectory.Settings {
    private final Path dataDir;
    private final LogConfig defaults;
    private final Set<String> ours = new HashSet<>();
    private final Map<TopicPartition, Uuid> partitions = new HashMap<>();
    private @Nullable Map<String, LogConfig> byTopic;

    public SettingsOnDisk(Path dataDir, LogConfig defaults) {
        this.dataDir = dataDir;
        this.defaults = defaults;
    }

    @Override
    public LogConfig of(TopicPartition partition) {
        return all().getOrDefault(partition.topic(), defaults);
    }

    /** Of topics that have no file of ours yet; one that cannot be read is one all the same. */
    @Override
    public synchronized boolean isForeign(TopicPartition partition) {
        all();
        return !ours.contains(partition.topic());
    }

    /** The partitions that topics of ours have, each with the id of its topic; those that are being made or deleted are left out. */
    public synchronized Map<TopicPartition, Uuid> partitions() {
        all();
        return Map.copyOf(partitions);
    }

    /** The broker's own files that it would refuse or put aside, each with the reason. */
    public Map<Path, String> damaged() {
        Map<Path, String> damaged = new TreeMap<>(new TopicStore(dataDir).damaged());
        try {
            DynamicSettings unused = new DynamicSettings(dataDir);
        } catch (RuntimeException e) {
            damaged.put(DynamicSettings.fileIn(dataDir), String.valueOf(e.getMessage()));
        }
        return damaged;
    }

    private synchronized Map<String, LogConfig> all() {
        Map<String, LogConfig> known = byTopic;
        if (known == null) {
            known = new HashMap<>();
            for (var found : metadata().entrySet()) {
                known.put(found.getKey(), config(found.getValue()));
            }
            TopicStore store = new TopicStore(dataDir);
            ours.addAll(store.names());
            for (TopicStore.Stored stored : store.peek()) {
                known.put(stored.topic().name(), config(stored.topic().configs()));
                for (int i = 0;
                        stored.state() == TopicStore.State.LIVE
                                && i < stored.topic().partitions();
                        i++) {
                    partitions.put(
                            new TopicPartition(stored.topic().name(), i),
                            stored.topic().id());
                }
            }
            byTopic = known;
        }
        return known;
    }

    private Map<String, Map<String, String>> metadata() {
        Map<String, Map<String, String>> configs = new HashMap<>();
        try {
            ClusterMetadata.read(dataDir)
                    .ifPresent(found -> found.topics().forEach((name, topic) -> configs.put(name, topic.configs())));
        } catch (IOException toldByTheTakeOver) {
            return Map.of();
        }
        return configs;
    }

    private LogConfig config(Map<String, String> configs) {
        String policy = configs.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        try {
            return policy == null ? defaults : LogConfig.from(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy));
        } catch (RuntimeException toldByTheTakeOver) {
            return defaults;
        }
    }
}
