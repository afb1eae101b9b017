/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.connector.ConnectorName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The only worker of its group leads it. */
record LeadingAlone(ConfigStore configs) implements Leadership {
    @Override
    public <T> CompletionStage<T> command(Supplier<CompletionStage<T>> here) {
        return here.get();
    }

    @Override
    public CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks) {
        return configs.putTasks(name, tasks);
    }
}
