/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What becomes of a change. */
public record EventOptions(
        @Option(
                name = "tombstones.on.delete",
                doc = "Follow a deletion by a record with its key and no value, so that compaction forgets the row.",
                defaultValue = "true",
                group = "Events")
        boolean tombstones,

        @Option(
                name = "skipped.operations",
                doc =
                        "Operations that become no events: c (insert), u (update), d (delete), t (truncate), separated by commas, or"
                                + " none.",
                defaultValue = "t",
                group = "Events")
        List<String> skipped,

        @Option(
                name = "skip.messages.without.change",
                doc =
                        "Pass over updates that change no captured column. Needs the old row: tables with replica identity FULL.",
                defaultValue = "false",
                group = "Events")
        boolean skipUnchanged,

        @Option(
                name = "provide.transaction.metadata",
                doc =
                        "Tell transactions: a record for the beginning and the end of each in a topic of their own, and in each event"
                                + " its place in its transaction.",
                defaultValue = "false",
                group = "Events")
        boolean transactions,

        @Option(
                name = "reselect.unavailable.values",
                doc = "Ask the table, by its key, for large values that an update did not touch, instead of telling"
                        + " unavailable.value.placeholder: some queries for a batch. What is told is the value at the time of the"
                        + " query, which may be newer than the change; the placeholder stays where the row is gone, or the table has"
                        + " no key.",
                defaultValue = "false",
                group = "Events")
        boolean reselect,

        @Option(
                name = "message.prefix.include.list",
                doc =
                        "Messages of pg_logical_emit_message to capture, by prefix: regular expressions separated by commas. Empty"
                                + " means all.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Events")
        String messagesIn,

        @Option(
                name = "message.prefix.exclude.list",
                doc = "Messages not to capture, as in message.prefix.include.list.",
                defaultValue = "",
                validator = NamePatterns.Validator.class,
                group = "Events")
        String messagesOut) {

    private static final Set<String> OPERATIONS = Set.of("c", "u", "d", "t", "none");

    public EventOptions {
        skipped = skipped.stream().map(String::strip).collect(Collectors.toUnmodifiableList());
        for (String each : skipped) {
            if (!OPERATIONS.contains(each)) {
                throw new OptionException("skipped.operations", skipped, "may hold c, u, d and t, or is none");
            }
        }
        if (!messagesIn.isBlank() && !messagesOut.isBlank()) {
            throw new OptionException(
                    "message.prefix.exclude.list",
                    messagesOut,
                    "cannot be set together with message.prefix.include.list; remove one");
        }
    }

    /** Whether each update of a captured table becomes an event. */
    public boolean tellsAllUpdates() {
        return !skips("u") && !skipUnchanged;
    }

    /** The same, and these operations become no events either. */
    public EventOptions alsoSkipping(List<String> operations) {
        List<String> all = new ArrayList<>(skipped);
        all.addAll(operations);
        return new EventOptions(tombstones, all, skipUnchanged, transactions, reselect, messagesIn, messagesOut);
    }

    boolean skips(String operation) {
        return skipped.contains(operation);
    }
}
