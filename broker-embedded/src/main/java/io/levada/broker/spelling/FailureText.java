/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.spelling;

/** What a failure says of itself, as a part of a sentence. */
public final class FailureText {
    private FailureText() {}

    /** Its message, or of what kind it is where it has none: a channel that is closed has no message. */
    public static String of(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
