/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * One method on one path.
 *
 * @param method an HTTP method in capitals
 * @param segments of the path; one in braces is a variable
 * @param takesBody whether a JSON body is read
 * @param produces the media type of its answers
 * @param endpoint what to do
 */
public record Route(String method, List<String> segments, boolean takesBody, String produces, Endpoint endpoint) {
    private static final Pattern SLASH = Pattern.compile("/");

    /** Answers a request, on an event loop: never blocks. */
    public interface Endpoint {
        CompletionStage<Answer> answer(Exchange exchange);
    }

    public static Route get(String path, Endpoint endpoint) {
        return new Route("GET", split(path), false, Answer.JSON, endpoint);
    }

    /** One that reads no body, although its method may have one. */
    public static Route of(String method, String path, Endpoint endpoint) {
        return new Route(method, split(path), false, Answer.JSON, endpoint);
    }

    public static Route withBody(String method, String path, Endpoint endpoint) {
        return new Route(method, split(path), true, Answer.JSON, endpoint);
    }

    /** The same with answers that are not JSON. */
    public Route producing(String mediaType) {
        return new Route(method, segments, takesBody, mediaType, endpoint);
    }

    boolean matches(List<String> path) {
        if (path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!isVariable(i) && !segments.get(i).equals(withoutParameters(path.get(i)))) {
                return false;
            }
        }
        return true;
    }

    /** A fixed segment may have parameters ({@code /connectors;x=1}), which mean nothing here; in a name the semicolon is part of it. */
    private static String withoutParameters(String segment) {
        int parameters = segment.indexOf(';');
        return parameters < 0 ? segment : segment.substring(0, parameters);
    }

    boolean isVariable(int segment) {
        return segments.get(segment).startsWith("{");
    }

    String variable(int segment) {
        String braced = segments.get(segment);
        return braced.substring(1, braced.length() - 1);
    }

    private static List<String> split(String path) {
        return SLASH.splitAsStream(path).filter(segment -> !segment.isEmpty()).toList();
    }
}
