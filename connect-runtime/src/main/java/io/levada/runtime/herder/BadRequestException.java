/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import java.util.ArrayList;
import java.util.List;

/** What was asked for makes no sense: answered with 400. */
public final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ArrayList<String> warnings;

    /** The message is what the REST answer says. */
    public BadRequestException(String message) {
        this(message, List.of());
    }

    /** @param warnings what else is to be said to who asked */
    public BadRequestException(String message, List<String> warnings) {
        super(message);
        this.warnings = new ArrayList<>(warnings);
    }

    /** Whole sentences; often none. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }
}
