/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.Caller;
import io.levada.broker.log.config.LogConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;

/** Changes the settings of what has settings: topics, the broker, groups. */
public final class SettingChanges {
    private final Topics topics;
    private final BrokerSettings broker;
    private final GroupSettings groups;

    public SettingChanges(Topics topics, BrokerSettings broker, DynamicSettings dynamic) {
        this.topics = topics;
        this.broker = broker;
        this.groups = new GroupSettings(dynamic);
    }

    /** A change of one resource's own settings: from those it has to those it shall have. */
    interface Change extends UnaryOperator<Map<String, String>> {}

    /** Completes once the change is in force and on disk. */
    CompletableFuture<?> apply(byte type, String name, Change change, boolean validateOnly, Caller caller) {
        try {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.forId(type), name);
            require(resource, caller);
            return switch (resource.type()) {
                case TOPIC -> topics.configure(name, change, validateOnly);
                case BROKER -> {
                    requireKnown(resource);
                    yield topics.changeDefaults(
                            onlyValidates -> broker.change(resource, change, onlyValidates), validateOnly);
                }
                case GROUP ->
                    topics.change(() -> {
                        groups.change(resource, change, validateOnly);
                        return resource;
                    });
                case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN ->
                    throw new InvalidRequestException(
                            "only topics, the broker and groups have settings, not resources of type " + type);
            };
        } catch (ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The edits that a kind of resource knows. */
    ConfigEdits edits(byte type) {
        return new ConfigEdits(
                switch (ConfigResource.Type.forId(type)) {
                    case TOPIC -> this::listOfTopic;
                    case BROKER -> this::listOfBroker;
                    default -> key -> Optional.empty();
                });
    }

    private static void require(ConfigResource resource, Caller caller) {
        switch (resource.type()) {
            case TOPIC -> caller.requireOnTopic(AclOperation.ALTER_CONFIGS, resource.name());
            case GROUP -> caller.requireOnGroup(AclOperation.ALTER_CONFIGS, resource.name());
            default -> caller.requireOnCluster(AclOperation.ALTER_CONFIGS);
        }
    }

    private void requireKnown(ConfigResource resource) {
        if (!resource.equals(DynamicSettings.CLUSTER) && !broker.isNode(resource)) {
            throw new InvalidRequestException("there is no broker " + resource.name());
        }
    }

    private Optional<String> listOfTopic(String name) {
        return Optional.ofNullable(LogConfig.definition().configKeys().get(name))
                .filter(key -> key.type == ConfigDef.Type.LIST)
                .map(key -> broker.topicDefaults()
                        .getOrDefault(name, String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type))));
    }

    private Optional<String> listOfBroker(String name) {
        return broker.find(name)
                .filter(setting -> setting.type() == ConfigDef.Type.LIST)
                .flatMap(broker::value)
                .map(BrokerSettings.Synonym::value);
    }
}
