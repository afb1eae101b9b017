/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Whenever and however far the config topic is compacted, it says the same (KAFKA-17719, KAFKA-17676). */
class ConfigFoldProperties {
    private static final List<String> NAMES = List.of("a", "a-1", "b");
    private static final int TASKS_MAX = 3;

    /** A record of the topic. */
    private record Line(String key, @Nullable String value) {}

    @Property(tries = 1_000)
    void compactionChangesNothing(@ForAll Random random) {
        List<Line> history = history(random, false);

        assertThat(fold(compacted(history, random)).toString())
                .as(history.toString())
                .isEqualTo(fold(history).toString());
    }

    /** Tasks of which a part was replaced when its worker died count as none, and are made anew; never as half of each. */
    @Property(tries = 1_000)
    void aHalfWrittenChangeLeavesTheTasksOrNone(@ForAll Random random) {
        List<Line> history = history(random, true);

        Map<String, Said> whole = fold(history);
        Map<String, Said> compacted = fold(compacted(history, random));

        assertThat(compacted).as(history.toString()).containsOnlyKeys(whole.keySet());
        compacted.forEach((name, said) -> {
            Said before = Objects.requireNonNull(whole.get(name));
            assertThat(said.config()).isEqualTo(before.config());
            assertThat(said.target()).isEqualTo(before.target());
            assertThat(said.tasks()).as(history.toString()).isIn(before.tasks(), "[]");
        });
    }

    @Property(tries = 500)
    void noOrderOfRecordsIsTooOdd(@ForAll Random random) {
        List<Line> lines = history(random, true);
        Collections.shuffle(lines, random);

        fold(lines);
    }

    /** What is said of a connector, but for what its tasks were made of, which a compaction may forget. */
    private record Said(String config, String target, String tasks) {}

    private static Map<String, Said> fold(List<Line> lines) {
        ConfigFold fold = new ConfigFold();
        for (Line line : lines) {
            String value = line.value;
            var unused = fold.apply(line.key, value == null ? null : value.getBytes(UTF_8));
        }
        Map<String, Said> said = new HashMap<>();
        fold.snapshot(-1)
                .connectors()
                .forEach((name, entry) -> said.put(
                        name.value(),
                        new Said(
                                entry.config().toString(),
                                entry.target().name(),
                                entry.tasks().toString())));
        return said;
    }

    /** As Kafka's cleaner does it: of what is older than some point the newest of each key stays, and tombstones may go. */
    private static List<Line> compacted(List<Line> history, Random random) {
        int point = random.nextInt(history.size() + 1);
        Map<String, Integer> newest = new HashMap<>();
        for (int i = 0; i < point; i++) {
            newest.put(history.get(i).key, i);
        }
        boolean tombstonesGo = random.nextBoolean();
        List<Line> left = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            Line line = history.get(i);
            boolean superseded = i < point && newest.getOrDefault(line.key, i) > i;
            if (!superseded && !(i < point && tombstonesGo && line.value == null)) {
                left.add(line);
            }
        }
        return left;
    }

    private static List<Line> history(Random random, boolean halfDone) {
        List<Line> lines = new ArrayList<>();
        int steps = random.nextInt(40);
        for (int step = 0; step < steps; step++) {
            ConnectorName name = new ConnectorName(NAMES.get(random.nextInt(NAMES.size())));
            switch (random.nextInt(halfDone ? 7 : 6)) {
                case 0 -> lines.add(new Line(ConfigKeys.connector(name), properties(step)));
                case 1 -> tasks(lines, name, step, random.nextInt(TASKS_MAX + 1), true);
                case 2 -> lines.add(new Line(ConfigKeys.targetState(name), target(random)));
                case 3 -> remove(lines, name);
                case 4 -> lines.add(other(name, random));
                case 5 -> {
                    lines.add(new Line(ConfigKeys.connector(name), properties(step)));
                    tasks(lines, name, step, 1 + random.nextInt(TASKS_MAX), true);
                }
                default -> tasks(lines, name, step, 1 + random.nextInt(TASKS_MAX), false);
            }
        }
        return lines;
    }

    private static void tasks(List<Line> lines, ConnectorName name, int step, int tasks, boolean commit) {
        for (int task = 0; task < tasks; task++) {
            lines.add(new Line(ConfigKeys.task(name.task(task)), properties(step)));
        }
        if (commit) {
            lines.add(new Line(ConfigKeys.commit(name), "{\"tasks\":" + tasks + "}"));
        }
    }

    private static void remove(List<Line> lines, ConnectorName name) {
        lines.add(new Line(ConfigKeys.connector(name), null));
        lines.add(new Line(ConfigKeys.targetState(name), null));
        for (int task = 0; task < TASKS_MAX; task++) {
            lines.add(new Line(ConfigKeys.task(name.task(task)), null));
        }
        lines.add(new Line(ConfigKeys.commit(name), null));
    }

    private static Line other(ConnectorName name, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Line(ConfigKeys.FENCING + name, "{\"task-count\":2}");
            case 1 -> new Line(ConfigKeys.LOGGER_LEVEL + "root", "{\"level\":\"INFO\"}");
            case 2 -> new Line(ConfigKeys.restart(name), "{\"include-tasks\":true,\"only-failed\":false}");
            default ->
                new Line(
                        ConfigKeys.SESSION_KEY,
                        "{\"key\":\"c2VjcmV0\",\"algorithm\":\"HmacSHA256\",\"creation-timestamp\":1}");
        };
    }

    private static String target(Random random) {
        String[] states = {"STARTED", "PAUSED", "STOPPED"};
        return "{\"state.v2\":\"" + states[random.nextInt(states.length)] + "\"}";
    }

    private static String properties(int step) {
        return "{\"properties\":{\"step\":\"" + step + "\"}}";
    }
}
