/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import org.apache.kafka.connect.errors.ConnectException;

/** A converter or transform could not take a record, and that is not tolerated: the task must fail. */
public final class RecordFailedException extends ConnectException {
    private static final long serialVersionUID = 1;

    RecordFailedException(Failure failure) {
        super(failure.describe(), failure.cause());
    }
}
