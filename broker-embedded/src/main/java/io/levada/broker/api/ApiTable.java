/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/** Which APIs this broker serves, in which versions, and by whom. What is not in here is not advertised either. */
public final class ApiTable {
    private final Map<ApiKeys, Api<?>> apis;

    private ApiTable(Map<ApiKeys, Api<?>> apis) {
        this.apis = Collections.unmodifiableMap(apis);
    }

    public static Builder builder() {
        return new Builder();
    }

    Optional<Api<?>> find(ApiKeys key) {
        return Optional.ofNullable(apis.get(key));
    }

    Collection<Api<?>> all() {
        return apis.values();
    }

    /** Collects the table; ApiVersions adds itself when it is built. */
    public static final class Builder {
        private final Map<ApiKeys, Api<?>> apis = new EnumMap<>(ApiKeys.class);

        /** Serves {@code key} in the versions {@code oldest} to {@code newest}, both included. */
        public <Q extends AbstractRequest> Builder serve(
                ApiKeys key, int oldest, int newest, Class<Q> type, ApiHandler<Q> handler) {
            if (apis.put(key, new Api<>(key, (short) oldest, (short) newest, type, handler)) != null) {
                throw new IllegalArgumentException(key + " has two handlers");
            }
            return this;
        }

        public ApiTable build() {
            ApiVersionsHandler.addTo(this);
            return new ApiTable(new EnumMap<>(apis));
        }

        Collection<Api<?>> soFar() {
            return Collections.unmodifiableCollection(apis.values());
        }
    }

    /** One served API: its key, the versions that work (both ends included), and who answers. */
    record Api<Q extends AbstractRequest>(
            ApiKeys key, short oldest, short newest, Class<Q> type, ApiHandler<Q> handler) {
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
}
