/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.status.State;
import org.jspecify.annotations.Nullable;

/** What a connector or task says of itself, on its own thread or one of its clients'. */
interface HostEvents {
    /** Whether the life before has failed, so that somebody waits to hear that this one works. */
    boolean onProbation();

    /** It is in another state now, none of them FAILED. */
    void onState(State state, @Nullable String version);

    /** It is running, and can do what it is for from now on. */
    void onReady();

    /** It does so no more: it is about to end, which may take a while. */
    void onClosing();

    /** It has done what it is for, the first time in this life. */
    void onWorked();

    /** It has failed. */
    void onFailure(Throwable cause, @Nullable String version);
}
