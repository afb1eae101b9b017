/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a topic that is needed came to be there. Its creation is asked for first, which takes one request where nothing is refused. Brokers
 * refuse it also for a topic that exists, if whoever asks has no right to create topics: as often where an operator makes them. So a
 * refusal alone means nothing.
 */
public enum TopicPresence {
    CREATED,
    FOUND,
    /** Neither may it be created nor looked at; whoever uses it will find out. */
    ASSUMED;

    private static final Logger LOGGER = LoggerFactory.getLogger(TopicPresence.class);

    /**
     * Creates a topic unless it is there; blocks.
     *
     * @throws ExecutionException with the brokers' reason, if the topic is not there and cannot be made
     */
    public static TopicPresence ensure(Admin admin, NewTopic topic) throws InterruptedException, ExecutionException {
        return after(admin, topic.name(), admin.createTopics(List.of(topic)).all());
    }

    /** The same of a topic whose creation has been asked for. */
    static TopicPresence after(Admin admin, String topic, KafkaFuture<Void> creation)
            throws InterruptedException, ExecutionException {
        try {
            creation.get();
            return CREATED;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return FOUND;
            }
            if (e.getCause() instanceof AuthorizationException) {
                return described(admin, topic);
            }
            throw e;
        }
    }

    private static TopicPresence described(Admin admin, String topic) throws InterruptedException, ExecutionException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return FOUND;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new ExecutionException(new TopicAuthorizationException(
                        "topic " + topic
                                + " does not exist, and the right to create it is missing: grant Create on the topic"
                                + " or on the cluster, or create it",
                        Set.of(topic)));
            }
            if (e.getCause() instanceof AuthorizationException) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("right", "Create, Describe")
                        .log("a topic may neither be created nor looked at, and is taken to exist");
                return ASSUMED;
            }
            throw e;
        }
    }
}
