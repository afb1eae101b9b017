/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;
import org.apache.kafka.common.requests.UpdateFeaturesResponse;

/**
 * The features of the cluster with their levels (KIP-584), by which clients choose between protocols. A level is told if the APIs it stands for are
 * served. It follows from this broker's version and cannot be changed.
 */
final class Features implements ApiHandler<UpdateFeaturesRequest> {
    /** What Apache Kafka 4.3 has: its oldest level, and its own. */
    private static final Feature METADATA = new Feature("metadata.version", 7, 30);

    private static final short FIRST_WITHOUT_RESULTS = 2;
    private static final short FIRST_WITH_LEVEL_0 = 4;
    private final Collection<ApiTable.Api<?>> served;

    Features(Collection<ApiTable.Api<?>> served) {
        this.served = served;
    }

    private record Feature(String name, int oldest, int level) {}

    /** Adds the features to an answer to ApiVersions, of which the older versions know no level 0 (KIP-1022). */
    ApiVersionsResponseData addTo(ApiVersionsResponseData answer, short version) {
        for (Feature feature : all()) {
            if (feature.oldest > 0 || version >= FIRST_WITH_LEVEL_0) {
                answer.supportedFeatures()
                        .add(new SupportedFeatureKey()
                                .setName(feature.name)
                                .setMinVersion((short) feature.oldest)
                                .setMaxVersion((short) feature.level));
            }
            answer.finalizedFeatures()
                    .add(new FinalizedFeatureKey()
                            .setName(feature.name)
                            .setMinVersionLevel((short) feature.level)
                            .setMaxVersionLevel((short) feature.level));
        }
        return answer.setFinalizedFeaturesEpoch(0);
    }

    /** Answers UpdateFeatures: what asks for the level there is has it, everything else is refused. */
    @Override
    public CompletableFuture<UpdateFeaturesResponse> handle(UpdateFeaturesRequest request, Caller caller) {
        caller.requireOnCluster(AclOperation.ALTER);
        UpdateFeaturesResponseData answer = new UpdateFeaturesResponseData();
        for (FeatureUpdateKey update : request.data().featureUpdates()) {
            UpdatableFeatureResult result = new UpdatableFeatureResult().setFeature(update.feature());
            problem(update).ifPresent(problem -> {
                result.setErrorCode(Errors.INVALID_UPDATE_VERSION.code()).setErrorMessage(problem);
                if (caller.apiVersion() >= FIRST_WITHOUT_RESULTS) {
                    answer.setErrorCode(Errors.INVALID_UPDATE_VERSION.code()).setErrorMessage(problem);
                }
            });
            if (caller.apiVersion() < FIRST_WITHOUT_RESULTS) {
                answer.results().add(result);
            }
        }
        return CompletableFuture.completedFuture(new UpdateFeaturesResponse(answer));
    }

    private Optional<String> problem(FeatureUpdateKey update) {
        Optional<Feature> known = all().stream()
                .filter(feature -> feature.name.equals(update.feature()))
                .findFirst();
        if (known.isEmpty()) {
            return Optional.of("Invalid update version " + update.maxVersionLevel() + " for feature " + update.feature()
                    + ": this broker does not have that feature");
        }
        return known.filter(feature -> feature.level != update.maxVersionLevel())
                .map(feature -> "Invalid update version " + update.maxVersionLevel() + " for feature " + feature.name
                        + ": this broker has level " + feature.level + ", which follows from its version");
    }

    private List<Feature> all() {
        List<Feature> features = new ArrayList<>(List.of(METADATA));
        addIf(features, serves(ApiKeys.END_TXN, 5), new Feature("transaction.version", 0, 2));
        addIf(features, serves(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 0), new Feature("group.version", 0, 1));
        addIf(features, serves(ApiKeys.SHARE_FETCH, 1), new Feature("share.version", 0, 1));
        addIf(features, serves(ApiKeys.STREAMS_GROUP_HEARTBEAT, 0), new Feature("streams.version", 0, 1));
        return features;
    }

    private static void addIf(List<Feature> features, boolean present, Feature feature) {
        if (present) {
            features.add(feature);
        }
    }

    private boolean serves(ApiKeys key, int version) {
        return served.stream().anyMatch(api -> api.key() == key && api.speaks((short) version));
    }
}
