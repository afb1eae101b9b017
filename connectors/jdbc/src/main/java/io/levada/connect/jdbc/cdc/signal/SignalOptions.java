/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a running capture is asked for something. */
public record SignalOptions(
        @Option(
                name = "signal.enabled.channels",
                doc = "Where signals come from: source, the table of signal.data.collection.",
                defaultValue = "source",
                group = "Signals")
        List<String> channels,

        @Option(
                name = "signal.data.collection",
                doc =
                        "A table, such as public.signals, with the columns id, type and data, all of them text. A row that is inserted"
                                + " asks for something: execute-snapshot, stop-snapshot, pause-snapshot, resume-snapshot or log. Whoever may"
                                + " insert there runs conditions as database.user.",
                defaultValue = "",
                group = "Signals")
        String collection) {

    public SignalOptions {
        for (String channel : channels) {
            if (!channel.equals("source")) {
                throw new OptionException("signal.enabled.channels", channel, "is not one of: source");
            }
        }
        if (!collection.isBlank() && name(collection) == null) {
            throw new OptionException(
                    "signal.data.collection", collection, "must be a schema and a table, such as public.signals");
        }
    }

    /** The table that is written to for asking; null for none. */
    public @Nullable TableName table() {
        return channels.contains("source") ? name(collection.strip()) : null;
    }

    private static @Nullable TableName name(String text) {
        int dot = text.indexOf('.');
        return dot <= 0 || dot == text.length() - 1
                ? null
                : new TableName(text.substring(0, dot), text.substring(dot + 1));
    }
}
