/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Decides what a client may do. Every handler asks, through its {@link Caller}, for each resource that Apache Kafka asks for; docs/broker.md has the
 * table. Called on any thread, on event loops too, so it answers from memory.
 */
public interface Authorizer {
    /** Everybody may do everything: the broker as long as nobody has to log in. */
    Authorizer ALLOW_ALL = new Authorizer() {
        @Override
        public boolean permits(Session session, AclOperation operation, ResourceType type, String name) {
            return true;
        }

        @Override
        public boolean permitsOnAny(Session session, AclOperation operation, ResourceType type) {
            return true;
        }
    };

    /** Whether {@code session} may do {@code operation} on the resource {@code name}. */
    boolean permits(Session session, AclOperation operation, ResourceType type, String name);

    /** Whether there is, or could be, a resource of {@code type} that {@code session} may do {@code operation} on. */
    boolean permitsOnAny(Session session, AclOperation operation, ResourceType type);
}
