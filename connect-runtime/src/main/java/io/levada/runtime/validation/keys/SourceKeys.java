/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.CaseInsensitiveValidString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The keys that source connectors have besides the common ones: topic creation (KIP-158) and exactly-once delivery (KIP-618). */
final class SourceKeys {
    private static final String EXACTLY_ONCE = "Exactly Once Support";

    private SourceKeys() {}

    static void addTo(ConfigDef def) {
        def.define(
                "topic.creation.groups",
                ConfigDef.Type.LIST,
                List.of(),
                KeyRules.unique("Duplicate topic creation groups are not allowed."),
                LOW,
                "Names, chosen here, of groups of topics that are created with settings of their own.",
                "Topic Creation",
                1,
                Width.LONG,
                "Topic Creation Groups");
        def.define(
                "exactly.once.support",
                ConfigDef.Type.STRING,
                "requested",
                CaseInsensitiveValidString.in("REQUIRED", "REQUESTED"),
                MEDIUM,
                "Whether the connector must be able to deliver exactly once (required), which is checked before it is accepted,"
                        + " or should if it can (requested).",
                EXACTLY_ONCE,
                2,
                Width.SHORT,
                "Exactly once support");
        def.define(
                "transaction.boundary",
                ConfigDef.Type.STRING,
                "poll",
                CaseInsensitiveValidString.in("INTERVAL", "POLL", "CONNECTOR"),
                MEDIUM,
                "Where transactions end when sources deliver exactly once: after each batch that a task returns (poll), after a"
                        + " time (interval), or where the connector says (connector).",
                EXACTLY_ONCE,
                3,
                Width.SHORT,
                "Transaction Boundary");
        def.define(
                "transaction.boundary.interval.ms",
                ConfigDef.Type.LONG,
                null,
                KeyRules.unlessNull(Range.atLeast(0)),
                LOW,
                "How many milliseconds a transaction lasts if transaction.boundary=interval; the worker's offset.flush.interval.ms"
                        + " if not set.",
                EXACTLY_ONCE,
                4,
                Width.SHORT,
                "Transaction boundary interval");
        def.define(
                "offsets.storage.topic",
                ConfigDef.Type.STRING,
                null,
                ConfigDef.CompositeValidator.of(new ConfigDef.NonEmptyString(), KeyRules.unlessEmpty(KeyRules.topic())),
                LOW,
                "A topic for the offsets of this connector alone; the worker's topic if not set.",
                "offsets.topic",
                1,
                Width.LONG,
                "Offsets topic");
    }
}
