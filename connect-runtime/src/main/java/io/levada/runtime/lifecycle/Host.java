/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import java.util.concurrent.CompletionStage;

/** One life of a connector or task. */
interface Host {
    /** Asks it to stop; completes, on any thread, when its own thread is done. */
    CompletionStage<Void> stop();

    /** Tells the plugin itself, which has not come back for a while. */
    void signalStop();

    /** Stops waiting for it; what it still does is not heard any more. */
    void abandon();
}
