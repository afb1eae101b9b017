/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;

/** A config refers to values that its providers do not give. The message tells each, by key; no plugin has seen the config. */
public final class UnresolvedException extends ConnectException {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, String> problems;

    UnresolvedException(SortedMap<String, String> problems) {
        super(told(problems.values()));
        this.problems = new TreeMap<>(problems);
    }

    private static String told(Collection<String> problems) {
        return String.join("\n", new LinkedHashSet<>(problems));
    }

    /** What is wrong, by the key of the config whose value it is. */
    public SortedMap<String, String> problems() {
        return Collections.unmodifiableSortedMap(problems);
    }
}
