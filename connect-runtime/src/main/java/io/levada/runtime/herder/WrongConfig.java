/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.diagnosis.MaskedFailure;
import io.levada.runtime.plugins.PluginLoadException;
import io.levada.runtime.plugins.PluginNotFoundException;
import java.util.Set;

/** The failures of a {@link Herder} for which the connector's config is to blame: who wrote it must change it before it is tried again. */
public final class WrongConfig {
    /** Each of them, and none of its subclasses. */
    public static final Set<Class<? extends Throwable>> FAILURES =
            Set.of(BadRequestException.class, PluginNotFoundException.class, PluginLoadException.class);

    private WrongConfig() {}

    /** @param failure without what futures wrap around it */
    public static boolean isCauseOf(Throwable failure) {
        return FAILURES.contains(MaskedFailure.original(failure).getClass());
    }
}
