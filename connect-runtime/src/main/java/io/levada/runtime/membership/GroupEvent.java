/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import java.util.concurrent.CompletableFuture;

/** What happens to this worker's membership. */
public sealed interface GroupEvent {
    /**
     * The leader has said what this worker runs. It stays until the next event.
     *
     * @param generation rises each time that the group agrees on its members; one generation may bring several assignments
     * @param leader who assigned, {@code host:port}
     * @param leads whether that is this worker
     * @param protocol how they agreed, by the name that brokers know; NONE for a worker without a group
     * @param share all that this worker is to run
     * @param configOffset what the leader had read last of the config topic, -1 for nothing; who knows less reads on before it acts
     */
    record Assigned(int generation, String leader, boolean leads, String protocol, Share share, long configOffset)
            implements GroupEvent {}

    /**
     * The group is about to agree anew, and what is named here goes to another worker then: it is to be stopped now. All else stays
     * (incremental cooperative, KIP-415). A worker that has its group for itself is never told so.
     *
     * @param share what to stop; may be nothing
     * @param stopped to be completed when that has stopped, or is given up: nobody else runs it before
     */
    record Revoked(Share share, CompletableFuture<Void> stopped) implements GroupEvent {
        public Revoked(Share share) {
            this(share, new CompletableFuture<>());
        }
    }

    /**
     * The group has gone on without this worker, which must stop all it runs.
     *
     * @param stopped as above: this worker joins again then
     */
    record Lost(CompletableFuture<Void> stopped) implements GroupEvent {
        public Lost() {
            this(new CompletableFuture<>());
        }
    }
}
