/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.ConnectorName;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Hears that the time of values is over which a config provider lent a connector. */
@FunctionalInterface
public interface ValuesExpired {
    /**
     * Restarts the connector if it still uses them; must not block.
     *
     * @param config of the connector, with references, when it got the values
     */
    CompletionStage<?> restart(ConnectorName connector, Map<String, @Nullable String> config);
}
