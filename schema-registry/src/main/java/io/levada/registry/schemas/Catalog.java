/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.schemas;

import io.levada.registry.topic.RegistryRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the records of the topic add up to. Changed by {@link #replay} only, so that a restart leads to the same state. */
public final class Catalog {

    private final NavigableMap<String, NavigableMap<Integer, SchemaVersion>> subjects = new TreeMap<>();
    private final NavigableMap<Integer, SchemaVersion> byId = new TreeMap<>();
    private final Map<String, Compatibility> levels = new HashMap<>();
    /** Of each subject, the deleted ones too. */
    private final Map<String, NavigableSet<Integer>> usedVersions = new HashMap<>();

    private final Compatibility defaultLevel;
    private @Nullable Compatibility globalLevel;

    /** @param defaultLevel until a record sets another for all subjects */
    public Catalog(Compatibility defaultLevel) {
        this.defaultLevel = defaultLevel;
    }

    public void replay(RegistryRecord entry) {
        if (entry instanceof RegistryRecord.Registered registered) {
            replay(registered);
        } else if (entry instanceof RegistryRecord.Removed removed) {
            versionsOf(removed.subject()).remove(removed.version());
        } else if (entry instanceof RegistryRecord.SubjectDeleted deleted) {
            versionsOf(deleted.subject()).headMap(deleted.version(), true).clear();
        } else if (entry instanceof RegistryRecord.LevelSet set) {
            replay(set);
        }
    }

    private void replay(RegistryRecord.Registered entry) {
        SchemaVersion version =
                new SchemaVersion(entry.subject(), entry.version(), entry.id(), entry.schemaType(), entry.schema());
        if (entry.deleted()) {
            versionsOf(entry.subject()).remove(entry.version());
        } else {
            versionsOf(entry.subject()).put(entry.version(), version);
        }
        byId.putIfAbsent(entry.id(), version);
        usedVersions.computeIfAbsent(entry.subject(), name -> new TreeSet<>()).add(entry.version());
    }

    private void replay(RegistryRecord.LevelSet entry) {
        Compatibility level = entry.level() == null ? null : Compatibility.named(entry.level());
        if (entry.subject() == null) {
            globalLevel = level;
        } else if (level == null) {
            levels.remove(entry.subject());
        } else {
            levels.put(entry.subject(), level);
        }
    }

    private NavigableMap<Integer, SchemaVersion> versionsOf(String subject) {
        return subjects.computeIfAbsent(subject, name -> new TreeMap<>());
    }

    /** Subjects with at least one version, sorted. */
    List<String> subjects() {
        return subjects.entrySet().stream()
                .filter(subject -> !subject.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The versions of a subject, oldest first; empty if there is no such subject. */
    List<SchemaVersion> versions(String subject) {
        return List.copyOf(subjects.getOrDefault(subject, new TreeMap<>()).values());
    }

    Optional<SchemaVersion> byId(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Every schema that has an id, by id, the first registered for each. */
    List<SchemaVersion> schemas() {
        return List.copyOf(byId.values());
    }

    Compatibility globalLevel() {
        return globalLevel == null ? defaultLevel : globalLevel;
    }

    /** The level of the subject's own, if it has one. */
    Optional<Compatibility> levelOf(String subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    int nextId() {
        return next(byId.navigableKeySet());
    }

    /** Numbers of deleted versions are not used again. */
    int nextVersion(String subject) {
        return next(usedVersions.getOrDefault(subject, new TreeSet<>()));
    }

    /**
     * One more than the highest number that leaves room for that: anybody can write a record with the largest number there is, and others may serve what has it,
     * so it is neither refused nor the end of all numbers. Of what is free below, the top is the least likely to have been used by what compaction took away.
     */
    private static int next(NavigableSet<Integer> used) {
        for (int number : used.descendingSet()) {
            if (number < Integer.MAX_VALUE && !used.contains(number + 1)) {
                return number + 1;
            }
        }
        return 1;
    }
}
