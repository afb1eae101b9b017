/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as an endpoint sees it.
 *
 * @param path the decoded values of the path's variables
 * @param endsWithSlash whether the path does
 * @param query the query's parameters
 * @param accept the Accept header, empty if there is none
 * @param request as it came, for who hands it on
 * @param origin scheme, host and port that the client used
 * @param body as received, empty if there is none
 * @param progress what the request is waiting for, should it time out
 */
public record Exchange(
        Map<String, String> path,
        boolean endsWithSlash,
        Query query,
        String accept,
        Incoming request,
        String origin,
        Buffer body,
        RequestProgress progress) {
    public byte[] content() {
        return body.getBytes();
    }

    public ConnectorName connector() {
        return new ConnectorName(variable("connector"));
    }

    /** Throws 404, as Kafka Connect does, if the task in the path is no number. */
    public TaskId task() {
        try {
            return connector().task(Integer.parseInt(variable("task")));
        } catch (NumberFormatException e) {
            throw HttpStatusException.notFound();
        }
    }

    /** The decoded value of a variable that the route has. */
    public String variable(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no variable " + name);
        }
        return value;
    }

    /** A flag of the query: true only for the word true, in any case; an empty one is as good as none. */
    public boolean flag(String name, boolean fallback) {
        String value = query.first(name);
        return (value == null || value.isEmpty()) ? fallback : Boolean.parseBoolean(value);
    }

    /** The first value of a parameter of the query; null if there is none. */
    @Nullable
    public String parameter(String name) {
        return query.first(name);
    }

    /** All values of it, in order. */
    public List<String> parameters(String name) {
        return query.all(name);
    }
}
