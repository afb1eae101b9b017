/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the worker's REST API is, and who said so, since a wrong address is the first thing that goes wrong.
 *
 * @param url absolute, with no slash at its end
 * @param source for the message: {@code --url}, the name of the environment variable, or "the default"
 */
record WorkerAddress(URI url, String source) {
    static final String DEFAULT = "http://localhost:8083";

    /** KAFKA_CONNECT_URL is what other tools (Terraform's provider among them) read. */
    static WorkerAddress from(@Nullable String option, Map<String, String> environment) {
        if (option != null) {
            return parse(option, "--url");
        }
        for (String name : new String[] {"LEVADA_URL", "KAFKA_CONNECT_URL"}) {
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                return parse(value, name);
            }
        }
        return parse(DEFAULT, "the default");
    }

    private static WorkerAddress parse(String text, String source) {
        String trimmed = text.strip().replaceAll("/+$", "");
        try {
            URI url = URI.create(trimmed);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return new WorkerAddress(url, source);
            }
        } catch (IllegalArgumentException malformed) {
            throw notAnAddress(text, source, malformed);
        }
        throw notAnAddress(text, source, null);
    }

    private static Problem notAnAddress(String text, String source, @Nullable Exception cause) {
        return new Problem(
                ExitCode.USAGE,
                "cannot call the worker",
                "'" + text + "' (from " + source + ") is not an http or https address",
                "Write it as " + DEFAULT + ".",
                cause);
    }
}
