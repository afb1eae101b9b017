/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the herder must act on; called on its thread. */
public interface LifecycleEvents {
    /**
     * A connector that runs has made the configs of its tasks, with {@code task.class} and unresolved references.
     *
     * @param current whether the life that made them still is the one there is
     * @return completes once they are written, or need not be; what refuses them is the connector's failure
     */
    CompletionStage<Void> onTaskConfigs(
            ConnectorName name, List<Map<String, @Nullable String>> configs, BooleanSupplier current);
}
