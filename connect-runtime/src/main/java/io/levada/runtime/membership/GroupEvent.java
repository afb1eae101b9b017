/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.util.List;

/** What happens to this worker's membership. */
public sealed interface GroupEvent {
    /**
     * The group has agreed on its members.
     *
     * @param generation rises with each agreement
     * @param self this worker
     * @param leader who assigns
     * @param members all, in a stable order
     */
    record Joined(int generation, String self, String leader, List<String> members) implements GroupEvent {
        public Joined {
            members = List.copyOf(members);
        }
    }

    /** The group is about to agree anew; what is assigned stays until then (incremental cooperative). */
    record Revoked(int generation) implements GroupEvent {}

    /** The group has gone on without this worker, which must stop its tasks. */
    record Lost(int generation) implements GroupEvent {}
}
