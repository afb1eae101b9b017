/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

/** What the process tells a script. Additions are possible, changes are not. 130 and 143 come from the JVM's own signals. */
public final class ExitCode {
    public static final int OK = 0;
    /** Anything that none of the others says. */
    public static final int FAILURE = 1;
    /** The command line itself is wrong. */
    public static final int USAGE = 2;
    /** The connector, task, topic or group named does not exist. */
    public static final int NOT_FOUND = 3;
    /** It exists already, or a rebalance did not end in time. */
    public static final int CONFLICT = 4;
    /** A configuration has errors. */
    public static final int INVALID = 5;
    /** Nobody answers at the address. */
    public static final int UNREACHABLE = 6;
    /** The server wants credentials, or other ones. */
    public static final int UNAUTHORISED = 7;

    /** Nobody reads the output any more: what a shell reports of a command that SIGPIPE ended, 128 and the signal's number. */
    public static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
