/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.herder.Herder;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.validation.ValidationService;
import org.jspecify.annotations.Nullable;

/**
 * What REST calls; there once the worker has started.
 *
 * @param extensions which every request must pass; null if the worker has none
 */
public record RestServices(
        Herder herder,
        Plugins plugins,
        ValidationService validation,
        @Nullable ExtensionHost extensions) {}
