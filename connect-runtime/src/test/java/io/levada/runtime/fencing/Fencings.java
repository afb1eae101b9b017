/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.fencing;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.threads.TaskThreads;
import java.util.List;
import java.util.function.Consumer;

/** Fencing by other means than Kafka's admin client, for tests in other packages. */
public final class Fencings {
    private Fencings() {}

    /**
     * Fences.
     *
     * @param fence given transactional ids
     * @param threads by which it waits
     */
    public static Fencing by(
            ConfigStore configs, ClientConfigs clients, Consumer<List<String>> fence, TaskThreads threads) {
        return new ZombieFencing(configs, clients, (settings, ids) -> fence.accept(ids), threads);
    }
}
