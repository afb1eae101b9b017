/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

/** Words of commands that are printed for somebody to copy into a shell. */
public final class ShellWord {
    private ShellWord() {}

    /** The word itself, in quotes if a shell would take it for anything else. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./+@%,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
