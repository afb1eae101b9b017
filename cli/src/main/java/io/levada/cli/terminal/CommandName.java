/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the user called this command, so that what a message advises can be typed as it stands. */
public final class CommandName {
    private static final String PLAIN = "levada";
    private static final Pattern IN_TEXT = Pattern.compile("'" + PLAIN + "(?=[ '])");

    private CommandName() {}

    /** {@code text} with each {@code 'levada ...'} in it written as the user can type it: {@code './levada ...'} in a checkout. */
    static String typed(String text) {
        String name = here();
        String word = name.contains(" ") ? "\"" + name + "\"" : name;
        return IN_TEXT.matcher(text).replaceAll(Matcher.quoteReplacement("'" + word));
    }

    /** How this process was called; not yet in quotes, which it needs if a folder's name holds a space. */
    public static String here() {
        return from(System.getProperty("levada.command"), System.getenv("PATH"));
    }

    /**
     * @param called how the start script was called; a shell that found it on PATH says the whole path
     * @param path the folders that a shell looks in
     */
    static String from(@Nullable String called, @Nullable String path) {
        if (called == null || called.isBlank()) {
            return PLAIN;
        }
        Path script = Path.of(called);
        Path folder = script.getParent();
        if (folder == null) { // given to a shell to read: sh levada
            return Files.exists(script) ? "./" + called : called;
        }
        boolean found =
                path != null && Arrays.asList(path.split(File.pathSeparator)).contains(folder.toString());
        return found ? String.valueOf(script.getFileName()) : called;
    }
}
