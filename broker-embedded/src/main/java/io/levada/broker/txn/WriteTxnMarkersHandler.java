/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/**
 * WriteTxnMarkers: how an administrator ends a transaction that hangs in one partition (KIP-664), past the coordinator. Each partition succeeds or fails on
 * its own. From version 2 of the request on it may say that the producer's epoch was raised for the marker: then one that is late is refused.
 */
public final class WriteTxnMarkersHandler implements ApiHandler<WriteTxnMarkersRequest> {
    private final MarkerWriter markers;

    public WriteTxnMarkersHandler(MarkerWriter markers) {
        this.markers = markers;
    }

    @Override
    public CompletableFuture<WriteTxnMarkersResponse> handle(WriteTxnMarkersRequest request, Caller caller) {
        if (!caller.mayOnCluster(AclOperation.ALTER)) {
            caller.requireOnCluster(AclOperation.CLUSTER_ACTION);
        }
        Map<Long, Map<TopicPartition, Errors>> answers = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> pending = new ArrayList<>();
        for (TxnMarkerEntry entry : request.markers()) {
            Map<TopicPartition, Errors> errors =
                    answers.computeIfAbsent(entry.producerId(), id -> new ConcurrentHashMap<>());
            Marker marker = new Marker(
                    new Producer(entry.producerId(), entry.producerEpoch()),
                    entry.coordinatorEpoch(),
                    entry.transactionResult(),
                    Marker.version(entry.transactionVersion()));
            for (TopicPartition partition : entry.partitions()) {
                pending.add(markers.write(partition, marker)
                        .handle((done, failure) -> errors.put(partition, told(failure))));
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
                .thenApply(all -> new WriteTxnMarkersResponse(answers));
    }

    private static Errors told(Throwable failure) {
        if (failure == null) {
            return Errors.NONE;
        }
        Errors error = ErrorCodes.of(failure);
        return switch (error) {
            // Who writes markers asks for the leader of a partition, not for a coordinator.
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR ->
                Errors.NOT_LEADER_OR_FOLLOWER;
            default -> error;
        };
    }
}
