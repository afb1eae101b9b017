/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;

/**
 * Tells clients what this broker speaks (KIP-35). A client that asks in a version we do not know gets a version 0 answer with
 * UNSUPPORTED_VERSION and the ranges, and asks again (KIP-511).
 */
final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequest> {
    // Version 5 asks whether the client reached the cluster and node it meant to (KIP-1242), which one broker has no
    // use for.
    private static final short NEWEST = 4;
    private final Collection<ApiTable.Api<?>> served;
    private final Features features;

    private ApiVersionsHandler(Collection<ApiTable.Api<?>> served, Features features) {
        this.served = served;
        this.features = features;
    }

    /** Adds what tells of the table itself: its APIs, and the features that they amount to. */
    static void addTo(ApiTable.Builder table) {
        Features features = new Features(table.soFar());
        table.serve(
                        ApiKeys.API_VERSIONS,
                        0,
                        NEWEST,
                        ApiVersionsRequest.class,
                        new ApiVersionsHandler(table.soFar(), features))
                .serve(ApiKeys.UPDATE_FEATURES, 0, 2, UpdateFeaturesRequest.class, features);
    }

    @Override
    public CompletableFuture<ApiVersionsResponse> handle(ApiVersionsRequest request, Caller caller) {
        if (request.isValid() && !request.hasUnsupportedRequestVersion()) {
            caller.session().introduced(request);
        }
        return CompletableFuture.completedFuture(new ApiVersionsResponse(answer(request, caller.apiVersion())));
    }

    private ApiVersionsResponseData answer(ApiVersionsRequest request, short version) {
        if (version > NEWEST || request.hasUnsupportedRequestVersion()) {
            return new ApiVersionsResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
                    .setApiKeys(ranges());
        }
        if (!request.isValid()) {
            return new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code());
        }
        return features.addTo(new ApiVersionsResponseData().setApiKeys(ranges()), version);
    }

    private ApiVersionCollection ranges() {
        ApiVersionCollection ranges = new ApiVersionCollection(served.size());
        for (ApiTable.Api<?> api : served) {
            ranges.add(new ApiVersion()
                    .setApiKey(api.key().id)
                    .setMinVersion(api.oldest())
                    .setMaxVersion(api.newest()));
        }
        return ranges;
    }
}
