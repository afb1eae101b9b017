/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.ExitCode;

/** What an HTTP status of the REST API means for the exit code, and what to advise. */
final class HttpExit {
    private HttpExit() {}

    static int code(int status) {
        return switch (status) {
            case 404 -> ExitCode.NOT_FOUND;
            case 409 -> ExitCode.CONFLICT;
            case 400, 422 -> ExitCode.INVALID;
            case 401, 403 -> ExitCode.UNAUTHORISED;
            default -> ExitCode.FAILURE;
        };
    }

    static String remedy(int status, String reason) {
        return switch (status) {
            case 404 -> "'levada connectors list' shows what there is.";
            case 409 ->
                Conflict.isRebalance(status, reason)
                        ? "The workers rebalance, which passes by itself: try again in a moment."
                        : "'levada connectors config NAME FILE' changes a connector that exists.";
            case 400, 422 -> "'levada connectors validate FILE' shows every key with its error.";
            default -> "The log of the worker says more.";
        };
    }
}
