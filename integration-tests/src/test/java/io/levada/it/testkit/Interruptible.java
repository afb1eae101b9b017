/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that hear Ctrl-C. What a shell starts in the background ignores SIGINT (POSIX, 2.11), and so does all that comes of it: a build
 * in a script, too. Where that can be taken back, by GNU's {@code env}, it is; elsewhere the build must run in the foreground.
 */
public final class Interruptible {
    private static final List<String> HEARING = List.of("env", "--default-signal=INT");
    private static final boolean CAN_BE_TAKEN_BACK = ends("true");

    private Interruptible() {}

    /** The same command, with SIGINT as it is for a command typed in a terminal. It keeps its process id. */
    public static List<String> command(String... command) {
        List<String> hearing = new ArrayList<>(CAN_BE_TAKEN_BACK ? HEARING : List.of());
        hearing.addAll(List.of(command));
        return hearing;
    }

    private static boolean ends(String command) {
        List<String> hearing = new ArrayList<>(HEARING);
        hearing.add(command);
        try {
            return new ProcessBuilder(hearing)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no env at all
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
