/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.fencing;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fencing by the leader of a group. How many tasks the last generation had is
 * in the config topic ({@code tasks-fencing-<connector>}), as Kafka Connect writes it there.
 */
public final class ZombieFencing implements Fencing {
    private static final Logger LOGGER = LoggerFactory.getLogger(ZombieFencing.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ConfigStore configs;
    private final ClientConfigs clients;
    private final BiConsumer<Map<String, Object>, List<String>> fence;
    private final TaskThreads threads;
    private final Map<ConnectorName, Object> locks = new ConcurrentHashMap<>();

    public ZombieFencing(ConfigStore configs, ClientConfigs clients) {
        this(configs, clients, ZombieFencing::byAdmin, TaskThreads.REAL);
    }

    /**
     * @param fence given the settings of an admin client, and transactional ids
     * @param threads by which it waits
     */
    ZombieFencing(
            ConfigStore configs,
            ClientConfigs clients,
            BiConsumer<Map<String, Object>, List<String>> fence,
            TaskThreads threads) {
        this.configs = configs;
        this.clients = clients;
        this.fence = fence;
        this.threads = threads;
    }

    @Override
    public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {
        // The first task of a generation does it; the others wait for that, as none may begin before.
        synchronized (locks.computeIfAbsent(connector, first -> new Object())) {
            while (isNeeded(connector, configs.snapshot())) {
                round(connector, config);
            }
        }
    }

    /**
     * A number that is noted promises that all tasks of before are fenced. It is another than that of the tasks there are where new task
     * configs have overtaken the note.
     */
    static boolean isNeeded(ConnectorName connector, ClusterConfig known) {
        int tasks = known.tasks(connector).size();
        return known.pendingFencing().contains(connector)
                || (tasks > 0 && known.taskCounts().getOrDefault(connector, tasks) != tasks);
    }

    private void round(ConnectorName connector, Map<String, @Nullable String> config) {
        ClusterConfig known = configs.snapshot();
        int before = known.taskCounts().getOrDefault(connector, 0);
        int now = known.tasks(connector).size();
        if (before > 1 || now != 1) { // One task that follows one task fences it by its own transactional id.
            fence(connector, config, before);
        }
        ClusterConfig fenced = configs.snapshot();
        if (fenced.tasks(connector).size() == now && fenced.taskCounts().getOrDefault(connector, 0) == before) {
            await(threads, configs.putTaskCount(connector, now), "note the number of tasks of " + connector);
        }
    }

    @Override
    public void all(ConnectorName connector, Map<String, @Nullable String> config) {
        synchronized (locks.computeIfAbsent(connector, first -> new Object())) {
            fence(connector, config, configs.snapshot().taskCounts().getOrDefault(connector, 0));
        }
    }

    private void fence(ConnectorName connector, Map<String, @Nullable String> config, int tasks) {
        if (tasks == 0) {
            return;
        }
        List<String> ids = IntStream.range(0, tasks)
                .mapToObj(task -> clients.transactionalId(connector.task(task)))
                .toList();
        fence.accept(clients.sourceAdmin("connector-fencing-adminclient-" + connector, connector, config), ids);
        LOGGER.atInfo()
                .addKeyValue("connector", connector)
                .addKeyValue("tasks", tasks)
                .log("earlier tasks are fenced");
    }

    /** One call for each: asked for several, Kafka's admin client sends the requests most of a second apart. */
    private static void byAdmin(Map<String, Object> settings, List<String> ids) {
        try (Admin admin = Admin.create(settings)) {
            for (String id : ids) {
                await(
                        TaskThreads.REAL,
                        admin.fenceProducers(List.of(id)).all().toCompletionStage(),
                        "fence transactional id " + id);
            }
        }
    }

    private static <T> void await(TaskThreads threads, CompletionStage<T> done, String what) {
        try {
            T unused = threads.get(done, TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while trying to " + what, e);
        } catch (ExecutionException e) {
            throw new ConnectException("Cannot " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ConnectException(
                    "Cannot " + what + " within " + TIMEOUT.toSeconds() + " s; are the brokers up?", e);
        }
    }
}
