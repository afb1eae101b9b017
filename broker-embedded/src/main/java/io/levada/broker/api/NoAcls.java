/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.requests.AbstractRequest;

/** Answers whoever asks for access rules, or sets them, where there are none: SECURITY_DISABLED, as Apache Kafka does without an authorizer. */
public final class NoAcls {
    private NoAcls() {}

    /** Refuses requests of one API, which takes {@code needed} on the cluster. */
    public static <Q extends AbstractRequest> ApiHandler<Q> refusing(AclOperation needed) {
        return (request, caller) -> {
            caller.requireOnCluster(needed);
            return CompletableFuture.failedFuture(new SecurityDisabledException("No Authorizer is configured."));
        };
    }
}
