/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a browser's requests may come from: {@code access.control.allow.origin} and {@code access.control.allow.methods}. As in Kafka Connect 4, an origin is
 * {@code *}, for any, or a regular expression that matches the whole of it in any case.
 *
 * <p>One without a backslash is less literally taken where whoever wrote it plainly meant something else, and its words would let others in: {@code
 * https://app.example.org} also lets {@code https://appXexample.org} in, and {@code https://*.example.org}, which Kafka Connect 3 took for any host below it,
 * lets {@code https://xexample.org} in. There, a dot without a quantifier is a dot, {@code *} in place of a host, or of the first part of one, stands for
 * anything, and one in place of the port for any port.
 *
 * @param origins compiled
 * @param methods that those may use
 */
public record AllowedOrigins(List<Pattern> origins, List<String> methods) {
    public static final String ORIGINS = "access.control.allow.origin";
    public static final String METHODS = "access.control.allow.methods";

    private static final Logger LOGGER = LoggerFactory.getLogger(AllowedOrigins.class);
    private static final String ANY = "*";
    private static final List<String> DEFAULT_METHODS = List.of("GET", "POST", "HEAD");
    private static final List<String> KNOWN_METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    /** As a browser writes it: no path, not even a slash. */
    private static final Pattern ORIGIN = Pattern.compile("null|[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#@\\s]+");

    private static final Pattern PLAIN =
            Pattern.compile("[a-zA-Z][a-zA-Z0-9-]*://([a-zA-Z0-9._-]+|\\[[0-9a-fA-F:.]+])(:\\d+)?");
    private static final Pattern OPERATOR = Pattern.compile("[\\\\*+?(){}|^$\\[\\]]");
    private static final Pattern DOT_ALONE = Pattern.compile("\\.(?![*+?{])");
    private static final Pattern IPV6 = Pattern.compile("://\\[(?=[^]]*:[^]]*:)([0-9a-fA-F:.]+)]");
    private static final Pattern ANY_PORT = Pattern.compile(":\\*$");
    private static final Pattern ANY_HOST = Pattern.compile("://\\*(?=[.:(]|$)");

    public AllowedOrigins {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
    }

    /**
     * Warns of what no request of a browser could match, and where an origin is not taken as Kafka Connect 4 takes it. Throws {@link ConfigException} for what is
     * no regular expression.
     *
     * @param methods empty for those that Kafka Connect allows by default
     */
    public static AllowedOrigins of(List<String> origins, List<String> methods) {
        for (String method : methods) {
            if (!KNOWN_METHODS.contains(method)) {
                warn(METHODS, method, "the worker has no such method: it knows " + String.join(", ", KNOWN_METHODS));
            }
        }
        return new AllowedOrigins(
                origins.contains(ANY) // Whatever else there is, even if it is wrong, as there.
                        ? List.of(Pattern.compile(".*"))
                        : origins.stream().map(AllowedOrigins::compiled).toList(),
                methods.isEmpty() ? DEFAULT_METHODS : methods);
    }

    private static Pattern compiled(String origin) {
        boolean literal = !OPERATOR.matcher(origin).find();
        if (origin.endsWith("/") || (literal && !ORIGIN.matcher(origin).matches())) {
            warn(
                    ORIGINS,
                    origin,
                    "no browser names an origin like this: write scheme://host or scheme://host:port, without a slash at the end");
        }
        String meant = origin.contains("\\") ? origin : meant(origin);
        if (!meant.equals(origin) && !literal && !PLAIN.matcher(origin).matches()) {
            warn(
                    ORIGINS,
                    origin,
                    "this is taken for the regular expression " + meant
                            + "; Kafka Connect 4 takes it for one itself, which lets others in: write what you mean, such as https://.*\\.example\\.org");
        }
        try {
            return Pattern.compile(meant, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(
                    ORIGINS,
                    origin,
                    "Write each as scheme://host or scheme://host:port, as a regular expression that matches such a one, or * for any ("
                            + e.getDescription() + ").");
        }
    }

    private static String meant(String origin) {
        String meant = ANY_HOST.matcher(origin).replaceAll("://.*");
        meant = ANY_PORT.matcher(meant).replaceAll("(:[0-9]+)?");
        meant = IPV6.matcher(meant).replaceAll("://\\\\[$1\\\\]");
        return DOT_ALONE.matcher(meant).replaceAll("\\\\.");
    }

    private static void warn(String key, String value, String what) {
        LOGGER.atWarn().addKeyValue("key", key).addKeyValue("value", value).log(what);
    }

    public boolean allow(String origin) {
        return origins.stream().anyMatch(allowed -> allowed.matcher(origin).matches());
    }

    /** The headers that tell a browser so. */
    Map<String, String> headers(String origin) {
        return Map.of(
                "Access-Control-Allow-Origin",
                origin,
                "Access-Control-Allow-Methods",
                String.join(",", methods),
                "Access-Control-Allow-Headers",
                "X-Requested-With,Content-Type,Accept,Origin",
                "Vary",
                "Origin");
    }
}
