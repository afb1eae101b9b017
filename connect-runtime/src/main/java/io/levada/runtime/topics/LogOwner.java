/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import io.levada.runtime.connector.ConnectorName;

/**
 * Whose topics logs are made of, for the names of threads and for those who read what is wrong with them.
 *
 * @param threads what the names of the threads begin with
 * @param topics as the beginning of a sentence
 * @param remedy what a person does if they cannot be read any more
 * @param end why they are closed, as the beginning of a sentence
 */
public record LogOwner(String threads, String topics, String remedy, String end) {
    static LogOwner worker() {
        return new LogOwner("levada-topics", "The internal topics", "restart the worker", "The worker is stopping");
    }

    /** A connector with a topic of its own for its offsets. */
    public static LogOwner connector(ConnectorName connector, String topic) {
        return new LogOwner(
                "levada-topics-" + connector,
                "Topic " + topic + " with the offsets of connector " + connector,
                "restart the connector and its tasks",
                "The connector or task that used topic " + topic + " has ended");
    }
}
