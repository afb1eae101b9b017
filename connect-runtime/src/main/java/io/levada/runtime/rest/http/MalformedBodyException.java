/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

/** A request body that is not the JSON an endpoint takes: answered with 400 (Kafka Connect answers 500). */
public final class MalformedBodyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedBodyException(String message) {
        super(message, null, false, false); // the request's fault: no stack trace
    }
}
