/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All connectors as the rules have them at a step of a history. */
final class Beliefs {
    private final SortedMap<ConnectorName, Believed> connectors = new TreeMap<>();
    private int step;

    /** Changes what is believed of one connector. */
    @FunctionalInterface
    interface Change {
        Believed of(Believed now, int step);
    }

    void step(int next) {
        step = next;
    }

    Optional<Believed> of(ConnectorName name) {
        return Optional.ofNullable(connectors.get(name));
    }

    /** What each should be. */
    SortedMap<ConnectorName, TargetState> targets() {
        SortedMap<ConnectorName, TargetState> targets = new TreeMap<>();
        connectors.forEach((name, believed) -> targets.put(name, believed.target()));
        return targets;
    }

    /** False if there is one. */
    boolean create(ConnectorName name, Wanted wanted, @Nullable TargetState initial, int nth) {
        if (connectors.containsKey(name)) {
            return false;
        }
        connectors.put(name, Believed.created(initial, wanted, Action.version(step, nth), step));
        return true;
    }

    void configure(ConnectorName name, Wanted wanted, int nth) {
        if (!create(name, wanted, null, nth)) {
            change(name, (now, at) -> now.configured(wanted, Action.version(at, nth), at));
        }
    }

    String change(ConnectorName name, Change change) {
        return connectors.computeIfPresent(name, (same, now) -> change.of(now, step)) == null
                ? Action.NOT_FOUND
                : Action.DONE;
    }

    void changeAll(Change change) {
        connectors.replaceAll((name, now) -> change.of(now, step));
    }

    boolean delete(ConnectorName name) {
        return connectors.remove(name) != null;
    }

    /** A line for each connector, as {@link ModelWorker#text} has them. */
    String text() {
        return connectors.entrySet().stream()
                .map(entry -> entry.getKey() + ", config v" + entry.getValue().version() + ": "
                        + entry.getValue().text() + "\n")
                .collect(Collectors.joining());
    }
}
