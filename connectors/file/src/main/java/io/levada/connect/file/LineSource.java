/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where lines come from. */
interface LineSource extends Closeable {
    /** A line, and the byte at which the one after it starts; null where there is no way back, as in standard input. */
    record Line(String text, @Nullable Long nextPosition) {}

    /** The lines that are there now, at most {@code linesMax}; never waits for more. */
    List<Line> read(int linesMax) throws IOException;
}
