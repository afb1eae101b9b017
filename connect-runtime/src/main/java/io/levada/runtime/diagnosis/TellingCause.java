/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The message in a stack trace that says most: what failed, where, and what to do. It reads the text of a trace, because
 * that is what a status holds, whichever worker wrote it.
 *
 * <ul>
 *   <li>The outermost message counts: it knows what was attempted. One that says nothing of its own (it repeats its cause,
 *       or is a phrase that wraps any cause) gives way to its cause.
 *   <li>What the message quotes of its cause is told in the cause's own best words.
 *   <li>A message that Levada threw stands alone, without the class: it was written to be read. One of anybody else keeps
 *       the simple name of its class, and what the deepest cause adds.
 * </ul>
 */
public final class TellingCause {
    private static final String CAUSED_BY = "Caused by: ";
    private static final String FRAME = "\tat ";
    /** What Kafka Connect wraps around any failure. */
    private static final Set<String> EMPTY_PHRASES = Set.of(
            "Tolerance exceeded in error handler",
            "Exiting WorkerSinkTask due to unrecoverable exception.",
            "Unrecoverable exception from producer send callback");

    private TellingCause() {}

    /** The message; empty only if the trace is. */
    public static String of(String trace) {
        List<Link> chain = chain(trace);
        return chain.isEmpty() ? "" : told(chain, 0).strip();
    }

    /**
     * One exception of the chain.
     *
     * @param header as the trace has it, class and message
     * @param thrownAt the frame that threw it; empty if the trace does not say
     */
    private record Link(String header, String thrownAt) {
        String message() {
            int colon = header.indexOf(": ");
            return isClass(colon < 0 ? header : header.substring(0, colon))
                    ? colon < 0 ? "" : header.substring(colon + 2)
                    : header;
        }

        /** A class loader or module with a name stands before the class: {@code at plugin /opt/s3//io.levada.X.y(X.java:1)}. */
        boolean ours() {
            int end = thrownAt.indexOf('(');
            String place = thrownAt.substring(0, end < 0 ? thrownAt.length() : end);
            return place.substring(Math.max(place.lastIndexOf('/') + 1, Math.min(FRAME.length(), place.length())))
                    .startsWith("io.levada.");
        }

        /** With the class's simple name in front. */
        String named() {
            int colon = header.indexOf(": ");
            String name = colon < 0 ? header : header.substring(0, colon);
            return isClass(name)
                    ? name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1)
                            + (colon < 0 ? "" : header.substring(colon))
                    : header;
        }

        private static boolean isClass(String text) {
            return text.indexOf('.') > 0 && text.chars().allMatch(c -> c == '.' || Character.isJavaIdentifierPart(c));
        }
    }

    private static String told(List<Link> chain, int place) {
        Link link = chain.get(place);
        String message = link.message();
        boolean last = place == chain.size() - 1;
        if (!last) {
            String cause = chain.get(place + 1).header();
            if (message.isBlank() || message.equals(cause) || EMPTY_PHRASES.contains(message)) {
                return told(chain, place + 1);
            }
            if (message.endsWith(cause)) {
                return message.substring(0, message.length() - cause.length()) + told(chain, place + 1);
            }
        }
        if (link.ours() && !message.isBlank()) {
            return message;
        }
        Link deepest = chain.get(chain.size() - 1);
        return last || deepest.message().isBlank() || message.contains(deepest.message())
                ? link.named()
                : link.named() + " (" + deepest.named() + ")";
    }

    private static List<Link> chain(String trace) {
        List<Link> chain = new ArrayList<>();
        StringBuilder header = new StringBuilder();
        String thrownAt = "";
        for (String line : trace.lines().toList()) {
            if (line.startsWith(CAUSED_BY)) {
                add(chain, header, thrownAt);
                header = new StringBuilder(line.substring(CAUSED_BY.length()));
                thrownAt = "";
            } else if (line.startsWith(FRAME)) {
                thrownAt = thrownAt.isEmpty() ? line : thrownAt;
            } else if (!line.startsWith("\t") && !thrownAt.isEmpty()) {
                break; // The frames are over: what follows was added to the trace.
            } else if (!line.startsWith("\t")) {
                header.append(header.isEmpty() ? "" : "\n").append(line);
            }
        }
        add(chain, header, thrownAt);
        return chain;
    }

    private static void add(List<Link> chain, StringBuilder header, String thrownAt) {
        if (!header.isEmpty()) {
            chain.add(new Link(header.toString(), thrownAt));
        }
    }
}
