/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry;

import io.levada.registry.rest.RestServer;
import io.levada.registry.schemas.Catalog;
import io.levada.registry.schemas.Schemas;
import io.levada.registry.topic.SchemasTopic;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema registry in this process. {@link #start} and {@link #close} block. */
public final class SchemaRegistry implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SchemaRegistry.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final RestServer server;

    private SchemaRegistry(RegistryConfig config) {
        try {
            Catalog catalog = new Catalog(config.compatibility());
            RegistryThread thread = opened(new RegistryThread(config.timeout()));
            SchemasTopic topic = thread.submit(() -> topic(config, catalog)).join();
            parts.push(() -> thread.submit(() -> closed(topic)).join());
            Schemas schemas = new Schemas(catalog, topic);
            server = opened(new RestServer(
                    config.listener(),
                    config.insecure(),
                    question -> thread.submit(() -> {
                        topic.poll();
                        return question.apply(schemas);
                    })));
        } catch (RuntimeException e) {
            closeParts(e);
            throw e;
        }
    }

    /**
     * Replays the topic and serves.
     *
     * @throws RegistryStartException if Kafka cannot be reached or the address not be bound; nothing stays open then
     */
    public static SchemaRegistry start(RegistryConfig config) {
        try {
            SchemaRegistry registry = new SchemaRegistry(config);
            LOGGER.atInfo()
                    .addKeyValue("listener", registry.address())
                    .addKeyValue("topic", config.topic())
                    .log("schema registry started");
            return registry;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new RegistryStartException("the schema registry cannot start: " + cause.getMessage(), cause);
        }
    }

    /** Where HTTP is served, with the port really bound. */
    public URI address() {
        return server.address();
    }

    private static SchemasTopic topic(RegistryConfig config, Catalog catalog) {
        SchemasTopic topic = new SchemasTopic(
                config.topic(), config.replicationFactor(), config.clients(), config.timeout(), catalog::replay);
        try {
            topic.catchUp();
            return topic;
        } catch (RuntimeException e) {
            topic.close();
            throw e;
        }
    }

    private static boolean closed(SchemasTopic topic) {
        topic.close();
        return true;
    }

    private <P extends AutoCloseable> P opened(P part) {
        parts.push(part);
        return part;
    }

    /** Stops serving, finishes the requests in hand, closes the Kafka clients. Further calls do nothing. */
    @Override
    public void close() {
        closeParts(null);
    }

    private void closeParts(@Nullable Throwable reason) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                if (reason != null) {
                    reason.addSuppressed(e);
                } else {
                    LOGGER.atError().setCause(e).log("a part of the schema registry did not close");
                }
            }
        }
    }
}
