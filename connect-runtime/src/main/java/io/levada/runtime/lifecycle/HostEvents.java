/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.status.State;
import org.jspecify.annotations.Nullable;

/** What a connector or task says of itself, on its own thread. */
interface HostEvents {
    /** It is in another state now, none of them FAILED. */
    void onState(State state, @Nullable String version);

    /** It has failed. */
    void onFailure(Throwable cause, @Nullable String version);
}
