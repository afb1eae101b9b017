/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.topic.BrokerSettings.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
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
import org.jspecify.annotations.Nullable;

/** DescribeConfigs of topics, the broker and groups: values, where they come from, what they mean. */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequest> {
    private final Topics topics;
    private final TopicSettings topicSettings;
    private final BrokerSettings broker;
    private final GroupSettings groups;

    public DescribeConfigsHandler(Topics topics, BrokerSettings broker, DynamicSettings dynamic) {
        this.topics = topics;
        this.topicSettings = new TopicSettings(broker);
        this.broker = broker;
        this.groups = new GroupSettings(dynamic);
    }

    @Override
    public CompletableFuture<DescribeConfigsResponse> handle(DescribeConfigsRequest request, Caller caller) {
        DescribeConfigsResponseData answer = new DescribeConfigsResponseData();
        for (DescribeConfigsResource asked : request.data().resources()) {
            answer.results().add(describe(asked, request, caller));
        }
        return CompletableFuture.completedFuture(new DescribeConfigsResponse(answer));
    }

    private DescribeConfigsResult describe(
            DescribeConfigsResource asked, DescribeConfigsRequest request, Caller caller) {
        DescribeConfigsResult result = new DescribeConfigsResult()
                .setResourceType(asked.resourceType())
                .setResourceName(asked.resourceName());
        try {
            List<DescribeConfigsResourceResult> found = all(asked, request, caller);
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

    private List<DescribeConfigsResourceResult> all(
            DescribeConfigsResource asked, DescribeConfigsRequest request, Caller caller) {
        ConfigResource resource =
                new ConfigResource(ConfigResource.Type.forId(asked.resourceType()), asked.resourceName());
        List<DescribeConfigsResourceResult> found = new ArrayList<>();
        switch (resource.type()) {
            case TOPIC -> {
                caller.requireOnTopic(AclOperation.DESCRIBE_CONFIGS, resource.name());
                topicSettings.of(existing(resource.name())).forEach(setting -> found.add(describe(setting, request)));
            }
            case BROKER -> {
                caller.requireOnCluster(AclOperation.DESCRIBE_CONFIGS);
                ofBroker(resource).forEach(setting -> found.add(describe(setting, resource, request)));
            }
            case GROUP -> {
                caller.requireOnGroup(AclOperation.DESCRIBE_CONFIGS, resource.name());
                Map<String, String> own = groups.of(resource);
                GroupSettings.KEYS
                        .configKeys()
                        .values()
                        .forEach(key -> found.add(describe(key, own.get(key.name), request)));
            }
            case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN ->
                throw new InvalidRequestException(
                        "only topics, the broker and groups have settings, not resources of type "
                                + asked.resourceType());
        }
        return found;
    }

    private Topic existing(String name) {
        org.apache.kafka.common.internals.Topic.validate(name);
        return topics.catalog()
                .find(name)
                .orElseThrow(() -> new UnknownTopicOrPartitionException("there is no topic '" + name + "'"));
    }

    /** All settings of this broker; for the cluster, what was set for all brokers while they ran. */
    private List<BrokerSetting> ofBroker(ConfigResource resource) {
        if (broker.isNode(resource)) {
            return List.copyOf(broker.all());
        }
        if (!resource.name().isEmpty()) {
            throw new InvalidRequestException("there is no broker " + resource.name());
        }
        return broker.all().stream()
                .filter(setting -> broker.dynamic(resource).containsKey(setting.name()))
                .toList();
    }

    private static DescribeConfigsResourceResult describe(
            TopicSettings.Setting setting, DescribeConfigsRequest request) {
        ConfigDef.ConfigKey key = setting.key();
        return result(key.name, setting.value(), setting.source(), key.type, key.documentation, request)
                .setSynonyms(synonyms(setting.synonyms(), request));
    }

    private DescribeConfigsResourceResult describe(
            BrokerSetting setting, ConfigResource resource, DescribeConfigsRequest request) {
        List<Synonym> synonyms = broker.synonyms(setting);
        ConfigSource source = ConfigSource.DEFAULT_CONFIG;
        @Nullable String value = broker.value(setting).map(Synonym::value).orElse(null);
        if (broker.isNode(resource)) {
            source = broker.value(setting).map(Synonym::source).orElse(source);
        } else {
            source = ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
            value = broker.dynamic(resource).get(setting.name());
            synonyms = synonyms.stream()
                    .filter(synonym -> synonym.source() == ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
                    .toList();
        }
        return result(setting.name(), value, source, setting.type(), setting.documentation(), request)
                .setReadOnly(!setting.isDynamic())
                .setSynonyms(synonyms(synonyms, request));
    }

    private static DescribeConfigsResourceResult describe(
            ConfigDef.ConfigKey key, @Nullable String own, DescribeConfigsRequest request) {
        ConfigSource source = own == null ? ConfigSource.DEFAULT_CONFIG : ConfigSource.GROUP_CONFIG;
        String builtIn = String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type));
        List<Synonym> synonyms = new ArrayList<>();
        if (own != null) {
            synonyms.add(new Synonym(key.name, own, ConfigSource.GROUP_CONFIG));
        }
        synonyms.add(new Synonym(key.name, builtIn, ConfigSource.DEFAULT_CONFIG));
        return result(key.name, own == null ? builtIn : own, source, key.type, key.documentation, request)
                .setSynonyms(synonyms(synonyms, request));
    }

    private static DescribeConfigsResourceResult result(
            String name,
            @Nullable String value,
            ConfigSource source,
            ConfigDef.Type type,
            String documentation,
            DescribeConfigsRequest request) {
        DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                .setName(name)
                .setValue(value)
                .setConfigSource(source.id())
                .setConfigType(typeOf(type).id());
        return request.data().includeDocumentation() ? result.setDocumentation(documentation) : result;
    }

    private static List<DescribeConfigsSynonym> synonyms(List<Synonym> synonyms, DescribeConfigsRequest request) {
        if (!request.data().includeSynonyms()) {
            return List.of();
        }
        return synonyms.stream()
                .map(synonym -> new DescribeConfigsSynonym()
                        .setName(synonym.name())
                        .setValue(synonym.value())
                        .setSource(synonym.source().id()))
                .toList();
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
