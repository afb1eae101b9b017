/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Where lines come from. */
interface LineSource extends Closeable {
    /** A line, and the {@link FileOffset} of the one after it. */
    record Line(String text, Map<String, ?> nextOffset) {}

    /** The lines that are there now, at most {@code linesMax}; never waits for more. */
    List<Line> read(int linesMax) throws IOException;
}
