/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A folder's names as readers see them, and those that a power cut leaves for certain. Changes of names reach the disk in their order, each whole: a
 * power cut keeps some first part of them. What happens in one folder says nothing of another.
 */
final class FolderNode extends Node {
    private final Map<String, Node> seen = new TreeMap<>();
    private final Map<String, Node> forced = new TreeMap<>();
    private final List<Consumer<Map<String, Node>>> unforced = new ArrayList<>();

    @Override
    long size() {
        return seen.size();
    }

    @Nullable
    Node find(String name) {
        return seen.get(name);
    }

    Set<String> names() {
        return seen.keySet();
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    void link(String name, Node node) {
        change(names -> names.put(name, node));
    }

    void unlink(String name) {
        change(names -> names.remove(name));
    }

    /** Takes the place of what has the name {@code to}. */
    void rename(String from, String to) {
        Node moved = seen.get(from);
        change(names -> {
            names.remove(from);
            names.put(to, moved);
        });
    }

    private void change(Consumer<Map<String, Node>> change) {
        change.accept(seen);
        unforced.add(change);
    }

    @Override
    void force() {
        unforced.forEach(change -> change.accept(forced));
        unforced.clear();
    }

    @Override
    void losePower(RandomGenerator random) {
        int kept = random.nextInt(unforced.size() + 1);
        unforced.subList(0, kept).forEach(change -> change.accept(forced));
        unforced.clear();
        seen.clear();
        seen.putAll(forced);
        // In the order of names, so that a seed always does the same.
        seen.values().forEach(node -> node.losePower(random));
    }
}
