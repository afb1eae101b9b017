/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Text broken between words to fit a width. */
final class Wrapped {
    private Wrapped() {}

    /**
     * The lines, each with {@code indent} in front. A word that is longer than a line stays whole, so that it can be copied.
     *
     * @param width of a line with its indent; 0 breaks nothing
     */
    static List<String> lines(String text, String indent, int width) {
        if (width == 0) {
            return List.of(indent + text);
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            boolean empty = line.length() == indent.length();
            if (!empty && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
