/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fenced block of shell commands on a page of the documentation.
 *
 * @param place {@code page:line} of its first command
 */
record CommandBlock(String place, String script, Mark mark) {

    private static final Pattern FENCE = Pattern.compile("\\s*```\\s*(\\S*).*");
    private static final List<String> SHELLS = List.of("sh", "shell", "bash", "console");

    /** What a command looks like that stands in a block which does not say that it holds commands. */
    private static final Pattern COMMAND =
            Pattern.compile("\\s*(\\$ |\\./|bin/|levada |curl |docker |psql |git |cd ).*");

    /**
     * All blocks of a page, in their order.
     *
     * @throws IllegalArgumentException that names the place, if a block says nothing about how it is run
     */
    static List<CommandBlock> of(String page, List<String> lines) {
        List<CommandBlock> blocks = new ArrayList<>();
        String before = "";
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int end = i + 1;
                while (end < lines.size() && !FENCE.matcher(lines.get(end)).matches()) {
                    end++;
                }
                List<String> content = lines.subList(i + 1, Math.min(end, lines.size()));
                CommandBlock block = block(page + ":" + (i + 2), fence.group(1), before, content);
                if (block != null) {
                    blocks.add(block);
                }
                i = end;
            } else if (before.isBlank()
                    && lines.get(i).startsWith("    ")
                    && COMMAND.matcher(lines.get(i)).matches()) {
                throw new IllegalArgumentException(
                        page + ":" + (i + 1) + " is a command in an indented block: fence it with ```sh");
            }
            before = i < lines.size() ? lines.get(i) : "";
        }
        return List.copyOf(blocks);
    }

    private static @Nullable CommandBlock block(String place, String language, String before, List<String> content) {
        if (SHELLS.contains(language)) {
            try {
                return new CommandBlock(place, String.join("\n", content), Mark.parse(before));
            } catch (IllegalArgumentException unmarked) {
                throw new IllegalArgumentException(
                        place + " is a block of commands, but " + unmarked.getMessage(), unmarked);
            }
        }
        if (language.isEmpty()
                && content.stream().anyMatch(line -> COMMAND.matcher(line).matches())) {
            throw new IllegalArgumentException(place + " holds commands, but its fence does not say ```sh");
        }
        return null;
    }
}
