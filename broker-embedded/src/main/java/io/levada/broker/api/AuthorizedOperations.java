/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Utils;

/**
 * What a caller may do with a resource, as answers tell it (KIP-430): a bit per operation, by its code in Kafka's protocol. Each operation that
 * exists for the kind of resource is asked of the {@link Authorizer}.
 */
public enum AuthorizedOperations {
    TOPIC(
            ResourceType.TOPIC,
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DESCRIBE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS),
    CLUSTER(
            ResourceType.CLUSTER,
            AclOperation.CREATE,
            AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE),
    GROUP(
            ResourceType.GROUP,
            AclOperation.READ,
            AclOperation.DESCRIBE,
            AclOperation.DELETE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);

    private final ResourceType type;
    private final int existing;

    AuthorizedOperations(ResourceType type, AclOperation... operations) {
        this.type = type;
        this.existing = Utils.to32BitField(
                Arrays.stream(operations).map(AclOperation::code).collect(Collectors.toSet()));
    }

    /** The field of an answer: what {@code caller} may do with the resource {@code name}. */
    public int bits(Caller caller, String name) {
        return Utils.to32BitField(Arrays.stream(AclOperation.values())
                .filter(operation -> (existing & 1 << operation.code()) != 0)
                .filter(operation -> caller.may(operation, type, name))
                .map(AclOperation::code)
                .collect(Collectors.toSet()));
    }

    /** The field for the cluster, which tells nothing to who may not describe it. */
    public static int ofCluster(Caller caller) {
        return caller.mayOnCluster(AclOperation.DESCRIBE) ? CLUSTER.bits(caller, Resource.CLUSTER_NAME) : 0;
    }
}
