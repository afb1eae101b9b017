/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** DescribeConfigs of topics and of the broker. */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequest> {
    private final Topics topics;
    private final TopicSettings settings;
    private final List<BrokerSetting> brokerSettings;
    private final Set<String> brokerNames;

    /**
     * The handler.
     *
     * @param brokerId the id of this broker; an empty resource name means it too
     */
    public DescribeConfigsHandler(Topics topics, List<BrokerSetting> brokerSettings, int brokerId) {
        this.topics = topics;
        this.settings = new TopicSettings(topics.defaults());
        this.brokerSettings = List.copyOf(brokerSettings);
        this.brokerNames = Set.of("", Integer.toString(brokerId));
    }

    @Override
    public CompletableFuture<DescribeConfigsResponse> handle(DescribeConfigsRequest request, Caller caller) {
        DescribeConfigsResponseData answer = new DescribeConfigsResponseData();
        for (DescribeConfigsResource asked : request.data().resources()) {
            answer.results().add(describe(asked, request));
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponse(answer));
    }

    private DescribeConfigsResult describe(DescribeConfigsResource asked, DescribeConfigsRequest request) {
        DescribeConfigsResult result = new DescribeConfigsResult()
                .setResourceType(asked.resourceType())
                .setResourceName(asked.resourceName());
        try {
            List<DescribeConfigsResourceResult> found = all(asked, request);
            List<String> wanted = asked.configurationKeys();
            if (wanted != null) {
                found.removeIf(setting -> !wanted.contains(setting.name()));
            }
            return result.setConfigs(found);
        } catch (ApiException e) {
            ApiError error = ErrorCodes.describe(e);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
    }

    private List<DescribeConfigsResourceResult> all(DescribeConfigsResource asked, DescribeConfigsRequest request) {
        boolean documented = request.data().includeDocumentation();
        ConfigResource.Type type = ConfigResource.Type.forId(asked.resourceType());
        List<DescribeConfigsResourceResult> found = new ArrayList<>();
        if (type == ConfigResource.Type.TOPIC) {
            org.apache.kafka.common.internals.Topic.validate(asked.resourceName());
            Topic topic = topics.catalog()
                    .find(asked.resourceName())
                    .orElseThrow(() ->
                            new UnknownTopicOrPartitionException("there is no topic '" + asked.resourceName() + "'"));
            boolean synonyms = request.data().includeSynonyms();
            settings.of(topic).forEach(setting -> found.add(describe(setting, synonyms, documented)));
        } else if (type == ConfigResource.Type.BROKER) {
            if (!brokerNames.contains(asked.resourceName())) {
                throw new InvalidRequestException("there is no broker " + asked.resourceName());
            }
            brokerSettings.forEach(setting -> found.add(describe(setting, documented)));
        } else {
            throw new InvalidRequestException(
                    "only topics and the broker have settings, not resources of type " + type);
        }
        return found;
    }

    private static DescribeConfigsResourceResult describe(
            TopicSettings.Setting setting, boolean synonyms, boolean documented) {
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(setting.name())
                .setValue(setting.value())
                .setConfigSource(setting.source().id())
                .setConfigType(typeOf(setting.key().type).id());
        if (documented) {
            result.setDocumentation(setting.key().documentation);
        }
        if (synonyms) {
            if (setting.source() == ConfigSource.TOPIC_CONFIG) {
                result.synonyms().add(synonym(setting.name(), setting.value(), ConfigSource.TOPIC_CONFIG));
            }
            if (setting.brokerValue() != null) {
                result.synonyms()
                        .add(synonym(setting.name(), setting.brokerValue(), ConfigSource.STATIC_BROKER_CONFIG));
            }
            result.synonyms().add(synonym(setting.name(), setting.defaultValue(), ConfigSource.DEFAULT_CONFIG));
        }
        return result;
    }

    private static DescribeConfigsSynonym synonym(
            String name, @org.jspecify.annotations.Nullable String value, ConfigSource source) {
        return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
    }

    private static DescribeConfigsResourceResult describe(BrokerSetting setting, boolean documented) {
        ConfigSource source = setting.isDefault() ? ConfigSource.DEFAULT_CONFIG : ConfigSource.STATIC_BROKER_CONFIG;
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(setting.name())
                .setValue(setting.value())
                .setReadOnly(true)
                .setConfigSource(source.id())
                .setConfigType(typeOf(setting.type()).id());
        return documented ? result.setDocumentation(setting.documentation()) : result;
    }

    private static ConfigType typeOf(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> ConfigType.BOOLEAN;
            case STRING -> ConfigType.STRING;
            case INT -> ConfigType.INT;
            case SHORT -> ConfigType.SHORT;
            case LONG -> ConfigType.LONG;
            case DOUBLE -> ConfigType.DOUBLE;
            case LIST -> ConfigType.LIST;
            case CLASS -> ConfigType.CLASS;
            case PASSWORD -> ConfigType.PASSWORD;
        };
    }
}
