/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.ReadOptions;

/** All that reading needs to know, apart from the connection. */
public record SourceOptions(TableOptions tables, ModeOptions mode, PollOptions poll, ReadOptions types) {

    public SourceOptions {
        if (tables.isQuery()
                && mode.mode().usesIncrementing()
                && mode.incrementingColumn().isEmpty()) {
            throw new OptionException(
                    "incrementing.column.name", null, "must be set with query: a query has no auto-increment column");
        }
        if (!tables.querySuffix().isEmpty() && mode.mode() == Mode.TIMESTAMP && mode.exactBounds() != ExactBounds.OFF) {
            throw new OptionException(
                    "query.suffix",
                    tables.querySuffix(),
                    "could cut off rows of the same moment, which mode timestamp would then miss; use"
                            + " mode=timestamp+incrementing, or set exact.bounds=off to accept that");
        }
    }
}
