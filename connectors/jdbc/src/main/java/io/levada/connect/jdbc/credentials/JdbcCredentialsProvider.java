/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.credentials;

import java.util.Map;

/**
 * Says who a connector is at its database, for credentials that change or are kept elsewhere. Its class is public, has a public
 * constructor without parameters, and is in a jar beside the connector's or among the drivers. Each task has an instance of its own.
 */
public interface JdbcCredentialsProvider extends AutoCloseable {

    /**
     * Called once, before anything else.
     *
     * @param config what the connector's keys that begin with {@code jdbc.credentials.provider.} say, without that beginning and
     *     without {@code class}
     */
    default void configure(Map<String, String> config) {}

    /**
     * Called before each new connection, by one thread at a time; may block. What it throws counts as a failure to connect that may pass.
     */
    JdbcCredentials credentials();

    /** Called when the task ends, maybe while {@link #credentials} is under way on another thread. */
    @Override
    default void close() {}
}
