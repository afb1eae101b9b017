/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import org.jspecify.annotations.Nullable;

/** Ends a request with a status that the HTTP layer itself decides on, such as 405 or 413. */
public final class HttpStatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String allow;

    public HttpStatusException(int status, String message) {
        this(status, message, null);
    }

    private HttpStatusException(int status, String message, @Nullable String allow) {
        super(message, null, false, false); // an answer, not a fault: no stack trace
        this.status = status;
        this.allow = allow;
    }

    public Answer answer() {
        Answer answer = Answer.error(status, String.valueOf(getMessage()));
        return allow == null ? answer : answer.with("Allow", allow);
    }

    /** No path of ours, in the words of Kafka Connect. */
    public static HttpStatusException notFound() {
        return new HttpStatusException(404, "HTTP 404 Not Found");
    }

    static HttpStatusException methodNotAllowed(String allow) {
        return new HttpStatusException(405, "HTTP 405 Method Not Allowed", allow);
    }

    static HttpStatusException badPath(String why) {
        return new HttpStatusException(400, "Bad request path: " + why);
    }
}
