/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the worker's REST API is, and who said so, since a wrong address is the first thing that goes wrong.
 *
 * @param url absolute, with no slash at its end and no credentials in it
 * @param source for the message: {@code --url}, the name of the environment variable, or "the default"
 * @param authorisation the header's value, if the address came with {@code user:password@}
 */
record WorkerAddress(URI url, String source, Optional<String> authorisation) {
    static final String DEFAULT = "http://localhost:8083";

    /** An address that needs no credentials. */
    WorkerAddress(URI url, String source) {
        this(url, source, Optional.empty());
    }

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
            URI url = new URI(trimmed);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return new WorkerAddress(withoutCredentials(url), source, authorisation(url));
            }
        } catch (IllegalArgumentException | URISyntaxException malformed) {
            throw notAnAddress(text, source, malformed);
        }
        throw notAnAddress(text, source, null);
    }

    private static URI withoutCredentials(URI url) throws URISyntaxException {
        return url.getRawUserInfo() == null ? url : new URI(url.toString().replace(url.getRawUserInfo() + "@", ""));
    }

    private static Optional<String> authorisation(URI url) {
        return Optional.ofNullable(url.getUserInfo())
                .map(user -> "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    private static Problem notAnAddress(String text, String source, @Nullable Exception cause) {
        return new Problem(
                ExitCode.USAGE,
                "cannot call the worker",
                "'" + text.replaceAll("//[^/@]*@", "//[hidden]@") + "' (from " + source
                        + ") is not an http or https address",
                "Write it as " + DEFAULT + ".",
                cause);
    }
}
