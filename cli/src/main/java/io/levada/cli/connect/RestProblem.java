/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.InvalidAlgorithmParameterException;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What a call of the REST API that failed means for the person at the terminal: no answer, somebody else's answer, or the worker's no. */
final class RestProblem {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Java puts the name of an alert into the text of its own failed check of the server's certificate too. */
    private static final Pattern WANTS_CERTIFICATE =
            Pattern.compile("Received fatal alert: (bad_certificate|certificate_required|certificate_unknown)");
    /** What a worker says to a path that it does not serve at all, as opposed to a connector that is not there. */
    private static final String NO_SUCH_PATH = "HTTP 404 Not Found";

    private static final String ANOTHER =
            "Start a worker with 'levada worker', or name another by --url or LEVADA_URL.";

    private RestProblem() {}

    /** The call came to nothing before there was an answer. */
    static Problem unanswered(String action, WorkerAddress worker, IOException failure) {
        return unreachable(
                action,
                "no answer from " + worker.url() + " (from " + worker.source() + "): " + obstacle(worker, failure),
                remedy(worker, failure),
                failure);
    }

    /** An answer that is not in JSON: whoever gave it is no worker. */
    static Problem notAWorker(String action, WorkerAddress worker, HttpResponse<String> response, Exception cause) {
        int status = response.statusCode();
        if (status == 401 || status == 403) {
            return refused(action, worker, response);
        }
        String who = worker.url() + " (from " + worker.source() + ")";
        if (status == 502 || status == 503 || status == 504) {
            return unreachable(
                    action,
                    "what answers at " + who + " passes on to a worker that does not answer (HTTP " + status + ")",
                    "Start that worker, or call it directly by --url or LEVADA_URL.",
                    cause);
        }
        return unreachable(
                action,
                "what answers at " + who + " is no Kafka Connect worker: it did not answer in JSON (HTTP " + status
                        + ")",
                "Give the address of a worker's REST API, with the path before /connectors if there is one, by --url or LEVADA_URL.",
                cause);
    }

    /** A status that is no success. */
    static Problem refused(String action, WorkerAddress worker, HttpResponse<String> response) {
        int status = response.statusCode();
        Optional<String> location = response.headers().firstValue("Location");
        if (status / 100 == 3 && location.isPresent()) {
            return unreachable(
                    action,
                    worker.url() + " (from " + worker.source() + ") sends on to " + location.get() + " (HTTP " + status
                            + ")",
                    "Give the address behind it by --url or LEVADA_URL.",
                    null);
        }
        if (status == 401 || status == 403) {
            return new Problem(
                    HttpExit.code(status),
                    "cannot " + action,
                    worker.url() + " (from " + worker.source() + ") wants credentials, or others (HTTP " + status + ")",
                    "Write them into the address, as in LEVADA_URL=https://user:password@host.");
        }
        String message = message(response);
        if (message == null) {
            return notAWorker(action, worker, response, new IOException("not JSON"));
        }
        if (message.equals(NO_SUCH_PATH)) {
            return unreachable(
                    action,
                    "what answers at " + worker.url() + " (from " + worker.source() + ") does not serve "
                            + response.uri().getPath() + " (HTTP 404)",
                    "Give the address of a worker's REST API, with no more path than stands before /connectors, by --url or LEVADA_URL.",
                    null);
        }
        return new Problem(
                HttpExit.code(status),
                "cannot " + action,
                (message.isEmpty() ? "the worker refused" : ConfigErrors.message(message)) + " (HTTP " + status + ")",
                HttpExit.remedy(status, message));
    }

    /** What an error of a worker says; null if this is none. */
    static @Nullable String message(HttpResponse<String> response) {
        try {
            JsonNode answer = JSON.readTree(response.body());
            return answer.isObject() ? answer.path("message").asText() : null;
        } catch (JsonProcessingException notJson) {
            return null;
        }
    }

    private static String obstacle(WorkerAddress worker, IOException failure) {
        if (isUnresolved(worker, failure)) {
            return "there is no host '" + worker.url().getHost() + "'";
        }
        if (failure instanceof HttpTimeoutException) {
            return "it took too long";
        }
        if (failure instanceof NoRouteToHostException) {
            return "there is no way to that host";
        }
        if (failure instanceof ConnectException) {
            return "nothing listens there";
        }
        if (wantsCertificate(failure)) {
            return "it lets in who shows a certificate that it trusts (" + failure.getMessage() + ")";
        }
        if (trustsNobody(failure)) {
            return "its certificate cannot be checked, because the trust store holds none or is not there";
        }
        if (failure instanceof SSLHandshakeException) {
            return "its certificate is not trusted (" + failure.getMessage() + ")";
        }
        if (failure instanceof SSLException) {
            return "what listens there does not speak TLS (" + failure.getMessage() + ")";
        }
        return failure.getCause() instanceof EOFException || failure instanceof EOFException
                ? "what listens there does not speak HTTP"
                : "what listens there does not speak HTTP (" + failure.getMessage() + ")";
    }

    private static String remedy(WorkerAddress worker, IOException failure) {
        if (wantsCertificate(failure)) {
            return "LEVADA_OPTS='-Djavax.net.ssl.keyStore=FILE -Djavax.net.ssl.keyStorePassword=PASSWORD' names a store with yours and its key.";
        }
        if (trustsNobody(failure)) {
            return "Correct -Djavax.net.ssl.trustStore in LEVADA_OPTS: it is "
                    + System.getProperty("javax.net.ssl.trustStore", "that of Java") + ".";
        }
        if (failure instanceof SSLHandshakeException) {
            return "LEVADA_OPTS=-Djavax.net.ssl.trustStore=FILE names a store with its certificate.";
        }
        if (failure instanceof SSLException) {
            return "Write http:// in the address, or name another by --url or LEVADA_URL.";
        }
        return failure instanceof ConnectException || isUnresolved(worker, failure)
                ? ANOTHER
                : "Is it the REST API of a worker, and " + worker.url().getScheme()
                        + " what it speaks? --url or LEVADA_URL names another.";
    }

    /** The stores that Java is told of cannot be read, whatever is called. */
    static Problem stores(UncheckedIOException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new Problem(
                ExitCode.INVALID,
                "cannot call the worker",
                "the trust store or key store that Java is told of cannot be read (" + cause.getMessage() + ")",
                "Correct -Djavax.net.ssl.trustStore and keyStore, and trustStorePassword and keyStorePassword, in LEVADA_OPTS.",
                failure);
    }

    /** How a server says that it got no certificate, or none that it trusts. */
    private static boolean wantsCertificate(IOException failure) {
        return failure instanceof SSLException
                && WANTS_CERTIFICATE
                        .matcher(String.valueOf(failure.getMessage()))
                        .find();
    }

    private static boolean trustsNobody(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidAlgorithmParameterException) { // "the trustAnchors parameter must be non-empty"
                return true;
            }
        }
        return false;
    }

    /** The client says so in its own ways, some of which are those of a refused connection. */
    private static boolean isUnresolved(WorkerAddress worker, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        if (!(failure instanceof ConnectException)) {
            return false;
        }
        try {
            return InetAddress.getAllByName(worker.url().getHost()).length == 0;
        } catch (UnknownHostException nowhere) {
            return true;
        }
    }

    private static Problem unreachable(String action, String why, String remedy, @Nullable Exception cause) {
        return new Problem(ExitCode.UNREACHABLE, "cannot " + action, why, remedy, cause);
    }
}
