/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/**
 * What a caller may do with a resource, as answers tell it (KIP-430): a bit per operation, by its code in Kafka's protocol. Without an authorizer that is
 * every operation that exists for the kind of resource.
 */
public enum AuthorizedOperations {
    TOPIC(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DESCRIBE,
            AclOperation.DELETE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS),
    CLUSTER(
            AclOperation.CREATE,
            AclOperation.CLUSTER_ACTION,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE,
            AclOperation.ALTER,
            AclOperation.DESCRIBE),
    GROUP(
            AclOperation.READ,
            AclOperation.DESCRIBE,
            AclOperation.DELETE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);

    private final int bits;

    AuthorizedOperations(AclOperation... operations) {
        Set<Byte> codes = Arrays.stream(operations).map(AclOperation::code).collect(Collectors.toSet());
        this.bits = Utils.to32BitField(codes);
    }

    /** The field of an answer. */
    public int bits() {
        return bits;
    }
}
