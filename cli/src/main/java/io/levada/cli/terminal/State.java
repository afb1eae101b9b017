/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.util.List;

/** How a connector's or task's state is shown, and which of two is worse. */
public final class State {
    private static final List<String> WORST_FIRST =
            List.of("FAILED", "RESTARTING", "UNASSIGNED", "STOPPED", "PAUSED", "RUNNING");

    private State() {}

    /** The state in its colour, which is switched off where output is no terminal or NO_COLOR is set. */
    public static String coloured(String state) {
        return switch (state) {
            case "FAILED" -> "@|red,bold " + state + "|@";
            case "RUNNING" -> "@|green " + state + "|@";
            default -> "@|yellow " + state + "|@";
        };
    }

    /** The state that says more about trouble. A connector whose task failed is not running, whatever it reports itself. */
    public static String worse(String one, String other) {
        return severity(one) <= severity(other) ? one : other;
    }

    /** 0 is the worst; states that are not known here rank just after FAILED. */
    public static int severity(String state) {
        int rank = WORST_FIRST.indexOf(state);
        return rank < 0 ? 1 : rank;
    }
}
