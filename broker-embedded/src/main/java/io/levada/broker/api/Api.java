/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** One served API: its key, the versions that work (both ends included), and who answers. */
record Api<Q extends AbstractRequest>(ApiKeys key, short oldest, short newest, Class<Q> type, ApiHandler<Q> handler) {
    Api {
        if (oldest < key.oldestVersion() || newest > key.latestVersion() || oldest > newest) {
            throw new IllegalArgumentException(key + " has no versions " + oldest + " to " + newest);
        }
    }

    boolean speaks(short version) {
        return version >= oldest && version <= newest;
    }

    CompletableFuture<? extends AbstractResponse> handle(AbstractRequest request, Caller caller) {
        return handler.handle(type.cast(request), caller);
    }
}
