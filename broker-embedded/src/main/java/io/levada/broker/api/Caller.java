/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.net.InetAddress;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Who asks, as a handler sees it: the session, the header of the one request at hand, and the questions what that client may do.
 *
 * @param request Kafka's own view of the request, from which it lays out the answer
 */
public record Caller(Session session, RequestContext request) {
    public short apiVersion() {
        return request.apiVersion();
    }

    /** {@code client.id} of this request, empty if it gave none. */
    public String clientId() {
        return request.clientId() == null ? "" : request.clientId();
    }

    public InetAddress clientAddress() {
        return session.address();
    }

    public ListenerName listener() {
        return session.listener();
    }

    /** Whether the client may do {@code operation} on the resource {@code name}. */
    public boolean may(AclOperation operation, ResourceType type, String name) {
        return session.authorizer().permits(session, operation, type, name);
    }

    public boolean mayOnTopic(AclOperation operation, String topic) {
        return may(operation, ResourceType.TOPIC, topic);
    }

    public boolean mayOnGroup(AclOperation operation, String group) {
        return may(operation, ResourceType.GROUP, group);
    }

    public boolean mayOnTransactionalId(AclOperation operation, String transactionalId) {
        return may(operation, ResourceType.TRANSACTIONAL_ID, transactionalId);
    }

    public boolean mayOnCluster(AclOperation operation) {
        return may(operation, ResourceType.CLUSTER, Resource.CLUSTER_NAME);
    }

    /** Whether there can be a resource of {@code type} that the client may do {@code operation} on. */
    public boolean mayOnAny(AclOperation operation, ResourceType type) {
        return session.authorizer().permitsOnAny(session, operation, type);
    }

    /** Ends the whole request with TOPIC_AUTHORIZATION_FAILED unless the client may do that. */
    public void requireOnTopic(AclOperation operation, String topic) {
        if (!mayOnTopic(operation, topic)) {
            throw new TopicAuthorizationException(Set.of(topic));
        }
    }

    /** Ends the whole request with GROUP_AUTHORIZATION_FAILED unless the client may do that. */
    public void requireOnGroup(AclOperation operation, String group) {
        if (!mayOnGroup(operation, group)) {
            throw GroupAuthorizationException.forGroupId(group);
        }
    }

    /** Ends the whole request with TRANSACTIONAL_ID_AUTHORIZATION_FAILED unless the client may do that. */
    public void requireOnTransactionalId(AclOperation operation, String transactionalId) {
        if (!mayOnTransactionalId(operation, transactionalId)) {
            throw new TransactionalIdAuthorizationException(
                    "not authorized: " + operation + " on transactional id " + transactionalId);
        }
    }

    /** Ends the whole request with CLUSTER_AUTHORIZATION_FAILED unless the client may do that. */
    public void requireOnCluster(AclOperation operation) {
        if (!mayOnCluster(operation)) {
            throw new ClusterAuthorizationException("not authorized: " + operation + " on the cluster");
        }
    }
}
