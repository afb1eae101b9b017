/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether keys of a worker without a group go together. */
final class Standalone {
    private static final Logger LOGGER = LoggerFactory.getLogger(Standalone.class);
    private static final List<String> OF_A_GROUP = List.of(
            "config.storage.",
            "offset.storage.topic",
            "offset.storage.partitions",
            "offset.storage.replication.",
            "status.storage.");

    private Standalone() {}

    /** The file of source offsets, if a worker with these properties has no group. */
    static Optional<String> offsetsFile(Map<String, String> given) {
        return given.containsKey(WorkerKeys.GROUP_ID)
                ? Optional.empty()
                : Optional.ofNullable(given.get(WorkerKeys.OFFSETS_FILE)).map(String::strip);
    }

    /**
     * Warns of what has no effect.
     *
     * @param exactlyOnce whether sources are to deliver exactly once, in the words of its key
     * @throws ConfigException that names the key, when something is asked for that only a group can give
     */
    static void check(Map<String, String> given, String exactlyOnce) {
        String file = given.get(WorkerKeys.OFFSETS_FILE);
        if (file == null) {
            return;
        }
        if (given.containsKey(WorkerKeys.GROUP_ID)) {
            LOGGER.atWarn()
                    .addKeyValue(WorkerKeys.OFFSETS_FILE, file)
                    .log("has no effect beside group.id: a group keeps its offsets in offset.storage.topic");
            return;
        }
        if (file.isBlank()) {
            throw new ConfigException(
                    WorkerKeys.OFFSETS_FILE,
                    file,
                    "must name a file; without the key the worker keeps its state in topics");
        }
        if (!exactlyOnce.equalsIgnoreCase("disabled")) {
            throw new ConfigException(
                    WorkerKeys.EXACTLY_ONCE,
                    exactlyOnce,
                    "needs offsets in a topic: leave out " + WorkerKeys.OFFSETS_FILE + ", or give a group.id");
        }
        TreeSet<String> without = new TreeSet<>(given.keySet());
        without.removeIf(key -> OF_A_GROUP.stream().noneMatch(key::startsWith));
        if (!without.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("keys", String.join(", ", without))
                    .log(
                            "have no effect beside " + WorkerKeys.OFFSETS_FILE
                                    + ": connectors and statuses of a worker without a group are gone with it, give a group.id to keep them");
        }
    }
}
