/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** This worker led its group when it began to write, and does no more. */
public final class NotLeadingException extends RetriableException {
    private static final long serialVersionUID = 1L;

    NotLeadingException(String what, @Nullable Throwable cause) {
        super(
                "Cannot write " + what + ": this worker does not lead its group any more."
                        + " Ask again, and the new leader does it.",
                cause);
    }
}
