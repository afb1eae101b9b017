/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The brokers to begin with, and who named them. Kafka's client tries an address for as long as its timeouts say, whatever it is; so
 * whether anything is there at all is found out first.
 *
 * @param servers {@code host:port}, separated by commas
 * @param source for the message: {@code --bootstrap-server}, a file, the name of the environment variable, or "the default"
 */
record BrokerAddress(String servers, String source) {
    private static final Pattern FORM =
            Pattern.compile("(?:[A-Za-z0-9_]+://)?(\\[[^\\]]+]|[^:/\\[\\]\\s]+):(\\d{1,5})");
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int PORT_MAX = 65_535;

    /** Throws a {@link Problem} unless something listens at one of the addresses at least. */
    void check(String action) {
        List<String> reasons = new ArrayList<>();
        for (String server : servers.split(",", -1)) {
            String reason = obstacle(action, server.strip());
            if (reason == null) {
                return;
            }
            if (!reasons.contains(reason)) {
                reasons.add(reason);
            }
        }
        throw unreachable(action, String.join("; ", reasons), null);
    }

    /** No broker answered; {@code reason} says why. */
    Problem unreachable(String action, String reason, @Nullable Throwable cause) {
        return new Problem(
                ExitCode.UNREACHABLE,
                "cannot " + action,
                "no answer from a broker at " + servers + " (from " + source + "): " + reason,
                "Start one with 'levada worker' or 'levada broker', or name another by --bootstrap-server or LEVADA_BOOTSTRAP.",
                cause);
    }

    private @Nullable String obstacle(String action, String server) {
        Matcher form = FORM.matcher(server);
        if (!form.matches() || Integer.parseInt(form.group(2)) > PORT_MAX) {
            throw new Problem(
                    ExitCode.USAGE,
                    "cannot " + action,
                    "'" + server + "' (from " + source + ") is not the address of a broker",
                    "Write it as localhost:9092; several are separated by commas.");
        }
        String host = form.group(1).replaceAll("[\\[\\]]", "");
        String reason = null;
        for (InetAddress address : addresses(host)) {
            reason = refusal(new InetSocketAddress(address, Integer.parseInt(form.group(2))));
            if (reason == null) {
                return null;
            }
        }
        return reason == null ? "there is no host '" + host + "'" : reason;
    }

    private static InetAddress[] addresses(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException nowhere) {
            return new InetAddress[0];
        }
    }

    private static @Nullable String refusal(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_TIMEOUT_MS);
            return null;
        } catch (ConnectException refused) {
            return "nothing listens there";
        } catch (IOException failure) {
            return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        }
    }
}
