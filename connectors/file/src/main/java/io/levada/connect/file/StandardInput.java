/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Lines of standard input, which is left open: it belongs to the process. */
final class StandardInput implements LineSource {
    private final InputStream in;
    private final LineSplitter splitter;

    StandardInput(InputStream in, LineSplitter splitter) {
        this.in = in;
        this.splitter = splitter;
    }

    @Override
    public List<Line> read(int linesMax) throws IOException {
        List<Line> lines = new ArrayList<>();
        while (lines.size() < linesMax) {
            String line = splitter.next();
            if (line != null) {
                lines.add(new Line(line, FileOffset.NONE));
            } else if (!splitter.fill(this::readAvailable)) {
                break;
            }
        }
        return lines;
    }

    @Override
    public void close() {}

    /** A read of a terminal or pipe cannot be interrupted, so it asks only for what is there. */
    private int readAvailable(byte[] into, int offset, int length) throws IOException {
        int available = Math.min(in.available(), length);
        return available == 0 ? 0 : in.read(into, offset, available);
    }
}
