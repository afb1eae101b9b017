/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

import java.util.Objects;

/**
 * The name of a connector, unique in its group. Any text is a name here, also one that validation would refuse, so that
 * a request for it gets its 404.
 *
 * @param value the name as written in the connector's config
 */
public record ConnectorName(String value) implements Comparable<ConnectorName> {
    public ConnectorName {
        Objects.requireNonNull(value, "a connector needs a name");
    }

    /** Whether a text is {@code .} or {@code ..}, which browsers and many HTTP clients take out of a path, also if it is encoded. */
    public static boolean isDots(String text) {
        return text.equals(".") || text.equals("..");
    }

    /** The {@code number}-th task of this connector, from zero. */
    public TaskId task(int number) {
        return new TaskId(this, number);
    }

    @Override
    public int compareTo(ConnectorName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
