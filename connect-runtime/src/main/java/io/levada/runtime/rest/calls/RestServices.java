/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.metrics.ReadingProgress;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.validation.ValidationService;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What REST calls; there once the worker has started.
 *
 * @param progress how far tasks that run here are with reading everything, by connector and number
 * @param extensions which every request must pass; null if the worker has none
 */
public record RestServices(
        Herder herder,
        Plugins plugins,
        ValidationService validation,
        Supplier<Map<ConnectorName, Map<Integer, ReadingProgress>>> progress,
        @Nullable ExtensionHost extensions) {}
