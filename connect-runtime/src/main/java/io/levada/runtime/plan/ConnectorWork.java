/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plan;

import io.levada.runtime.connector.NullableValues;
import io.levada.runtime.connector.TargetState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connector as it runs or should run. */
public record ConnectorWork(Map<String, @Nullable String> config, TargetState target) {
    public ConnectorWork {
        config = NullableValues.copyOf(config);
    }
}
