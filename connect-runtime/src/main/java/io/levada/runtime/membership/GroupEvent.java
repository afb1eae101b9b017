/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;

/** What happens to this worker's membership. */
public sealed interface GroupEvent {
    /**
     * The leader has said what this worker runs. It stays until the next event.
     *
     * @param generation rises each time that the group agrees on its members; one generation may bring several assignments
     * @param leader who assigned
     * @param share all that this worker is to run
     * @param configOffset what the leader had read last of the config topic, -1 for nothing; who knows less reads on before it acts
     */
    record Assigned(int generation, String leader, Share share, long configOffset) implements GroupEvent {}

    /**
     * The group is about to agree anew, and what is named here goes to another worker then: it is to be stopped now. All else stays
     * (incremental cooperative, KIP-415). A worker that has its group for itself is never told so.
     *
     * @param share what to stop; may be nothing
     */
    record Revoked(Share share) implements GroupEvent {}

    /** The group has gone on without this worker, which must stop all it runs. */
    record Lost() implements GroupEvent {}
}
