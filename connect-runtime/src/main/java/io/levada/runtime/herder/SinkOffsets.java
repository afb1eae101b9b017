/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.Secrets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.jspecify.annotations.Nullable;

/** Offsets of sink connectors: those of their consumer group, after the connector itself was asked (KIP-875). */
final class SinkOffsets {
    private static final String TOPIC = "kafka_topic";
    private static final String PARTITION = "kafka_partition";
    private static final String OFFSET = "kafka_offset";

    private final ClientConfigs clients;
    private final Plugins plugins;
    private final Secrets secrets;
    private final PluginJobs jobs;

    SinkOffsets(ClientConfigs clients, Plugins plugins, Secrets secrets, PluginJobs jobs) {
        this.clients = clients;
        this.plugins = plugins;
        this.secrets = secrets;
        this.jobs = jobs;
    }

    CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name, Map<String, @Nullable String> config) {
        return jobs.run(
                name,
                () -> withAdmin(
                        name,
                        config,
                        (admin, group) -> committed(admin, group).entrySet().stream()
                                .map(entry -> new ConnectorOffset(
                                        Map.of(
                                                TOPIC,
                                                entry.getKey().topic(),
                                                PARTITION,
                                                entry.getKey().partition()),
                                        Map.of(OFFSET, entry.getValue().offset())))
                                .toList()));
    }

    CompletionStage<Boolean> alter(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        Map<TopicPartition, @Nullable Long> offsets = new LinkedHashMap<>();
        wanted.forEach((partition, offset) -> offsets.put(partition(partition), offset(offset)));
        return jobs.run(name, () -> {
            boolean agreed = LogContext.of(name).call(() -> agrees(config, offsets));
            return withAdmin(name, config, (admin, group) -> {
                whileNobodyIsInTheGroup(name, "alter", () -> write(admin, group, offsets));
                return agreed;
            });
        });
    }

    CompletionStage<Boolean> reset(ConnectorName name, Map<String, @Nullable String> config) {
        return jobs.run(
                name,
                () -> withAdmin(name, config, (admin, group) -> {
                    Map<TopicPartition, @Nullable Long> none = new LinkedHashMap<>();
                    committed(admin, group).keySet().forEach(partition -> none.put(partition, null));
                    boolean agreed = LogContext.of(name).call(() -> agrees(config, none));
                    whileNobodyIsInTheGroup(name, "reset", () -> delete(admin, group));
                    return agreed;
                }));
    }

    private static void delete(Admin admin, String group) {
        try {
            await(admin.deleteConsumerGroups(List.of(group)).all());
        } catch (GroupIdNotFoundException ignored) {
            // A group that has never committed has nothing to forget.
        }
    }

    /** The tasks of other workers are not known here; their consumers are, by the group. */
    private static void whileNobodyIsInTheGroup(ConnectorName name, String purpose, Runnable change) {
        try {
            change.run();
        } catch (UnknownMemberIdException | GroupNotEmptyException | GroupSubscribedToTopicException e) {
            throw new ConnectException(StoppedTasks.message(name, purpose), e);
        }
    }

    private interface AdminWork<T> {
        T with(Admin admin, String group);
    }

    private <T> T withAdmin(ConnectorName name, Map<String, @Nullable String> config, AdminWork<T> work) {
        return secrets.with(config, resolved -> {
            try (Admin admin = Admin.create(clients.connectorAdmin("connector-adminclient-" + name, name, resolved))) {
                return work.with(admin, clients.sinkGroup(name.task(0), resolved));
            }
        });
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group) {
        Map<TopicPartition, OffsetAndMetadata> known = new LinkedHashMap<>();
        try {
            await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            known.put(partition, offset);
                        }
                    });
        } catch (GroupIdNotFoundException ignored) {
            // It has never committed.
        }
        return known;
    }

    private static void write(Admin admin, String group, Map<TopicPartition, @Nullable Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> set = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null) {
                set.put(partition, new OffsetAndMetadata(offset));
            }
        });
        if (!set.isEmpty()) {
            await(admin.alterConsumerGroupOffsets(group, set).all());
        }
        var forget = new java.util.HashSet<>(offsets.keySet());
        forget.removeAll(set.keySet());
        if (!forget.isEmpty()) {
            await(admin.deleteConsumerGroupOffsets(group, forget).all());
        }
    }

    private boolean agrees(Map<String, @Nullable String> config, Map<TopicPartition, @Nullable Long> offsets) {
        ConnectorPlugins own = plugins.of(PluginChoice.requiredOfConnector(config));
        Connector connector = own.newConnector();
        if (!(connector instanceof SinkConnector sink)) {
            throw new ConnectException(own.className() + " is not a sink connector");
        }
        return LoaderSwap.call(
                own.loader(), () -> secrets.with(config, resolved -> sink.alterOffsets(resolved, offsets)));
    }

    private static TopicPartition partition(@Nullable Map<String, @Nullable Object> partition) {
        Object topic = partition == null ? null : partition.get(TOPIC);
        Object number = partition == null ? null : partition.get(PARTITION);
        if (partition == null || topic == null || number == null) {
            throw new BadRequestException("The partition for a sink connector offset must contain the keys '" + TOPIC
                    + "' and '" + PARTITION + "'");
        }
        return new TopicPartition(String.valueOf(topic), (int) number(PARTITION, number, Integer.MAX_VALUE));
    }

    private static @Nullable Long offset(@Nullable Map<String, @Nullable Object> offset) {
        if (offset == null) {
            return null;
        }
        Object number = offset.get(OFFSET);
        if (number == null) {
            throw new BadRequestException(
                    "The offset for a sink connector should either be null or contain the key '" + OFFSET + "'");
        }
        return number(OFFSET, number, Long.MAX_VALUE);
    }

    /** Numbers may come as text, as Kafka Connect takes them. */
    private static long number(String key, Object value, long max) {
        try {
            long number = Long.parseLong(String.valueOf(value));
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Answered below, as a number out of range is.
        }
        throw new BadRequestException(
                "The value of '" + key + "' must be a whole number from 0 to " + max + ", and is " + value);
    }

    private static <T> T await(KafkaFuture<T> asked) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while changing offsets", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException
                    || e.getCause() instanceof UnknownMemberIdException
                    || e.getCause() instanceof GroupNotEmptyException
                    || e.getCause() instanceof GroupSubscribedToTopicException) {
                throw (ApiException) e.getCause();
            }
            throw new ConnectException("The brokers refused: " + String.valueOf(e.getCause()), e);
        }
    }
}
