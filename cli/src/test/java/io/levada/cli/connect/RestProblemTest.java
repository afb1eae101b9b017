/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is at the address, the answer is three lines and the right exit code. */
final class RestProblemTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | <html>shop</html>                                        | 6 | is no Kafka Connect worker
            404 | <html>not found</html>                                   | 6 | is no Kafka Connect worker
            404 | {"error_code":404,"message":"HTTP 404 Not Found"}        | 6 | does not serve /connectors
            404 | {"error_code":404,"message":"Connector x not found"}     | 3 | Connector x not found
            400 | {"error_code":400,"message":"Connector is bad"}          | 5 | Connector is bad
            409 | {"error_code":409,"message":"Connector x exists"}        | 4 | Connector x exists
            401 | <html>log in</html>                                      | 7 | https://user:password@host
            403 | {"error_code":403,"message":"no"}                        | 7 | https://user:password@host
            500 | {"error_code":500,"message":"boom"}                      | 1 | boom (HTTP 500)
            500 | <html>boom</html>                                        | 6 | is no Kafka Connect worker
            502 | <html>bad gateway</html>                                 | 6 | a worker that does not answer
            503 | upstream                                                 | 6 | a worker that does not answer
            """)
    void anAnswerThatIsNoSuccess(int status, String body, int exitCode, String reason) throws IOException {
        try (StubWorker other = new StubWorker(status, body)) {
            assertProblem(levada("connectors", "list", "--url", other.url()), exitCode, reason);
        }
    }

    @Test
    void anAddressThatSendsOnIsNamedWithWhereTo() throws IOException {
        try (StubWorker other = new StubWorker(301, "", "Location", "https://elsewhere/connectors")) {
            assertProblem(levada("connectors", "list", "--url", other.url()), 6, "https://elsewhere/connectors");
        }
    }

    @Test
    void aHostThatIsNotThereIsNotOneWhereNothingListens() {
        assertProblem(
                levada("connectors", "list", "--url", "http://no-such-host.invalid:8083"),
                6,
                "there is no host 'no-such-host.invalid'");
    }

    @Test
    void aPortWhereNothingListens() {
        assertProblem(levada("connectors", "list", "--url", "http://localhost:1"), 6, "nothing listens there");
    }

    @ParameterizedTest
    @CsvSource({"http, does not speak HTTP", "https, does not speak TLS"})
    void aPortThatSpeaksSomethingElse(String scheme, String reason) throws IOException {
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread greeting = new Thread(() -> greet(other), "greeting");
            greeting.setDaemon(true);
            greeting.start();
            assertProblem(
                    levada("connectors", "list", "--url", scheme + "://localhost:" + other.getLocalPort()), 6, reason);
        }
    }

    @ParameterizedTest
    @CsvSource({"bad_certificate", "certificate_required", "certificate_unknown"})
    void aServerThatWantsACertificateIsToldWithTheOptionThatNamesOne(String alert) {
        Problem problem = RestProblem.unanswered(
                "list connectors",
                new WorkerAddress(URI.create("https://localhost:1"), "--url"),
                new SSLHandshakeException("Received fatal alert: " + alert));

        assertThat(problem.why()).contains("a certificate that it trusts");
        assertThat(problem.remedy()).contains("LEVADA_OPTS", "javax.net.ssl.keyStore=");
    }

    /** So says Java from 22 on. */
    @Test
    void aServerThatIsNotTrustedIsNotTakenForOneThatWantsACertificate() {
        Problem problem = RestProblem.unanswered(
                "list connectors",
                new WorkerAddress(URI.create("https://localhost:1"), "--url"),
                new SSLHandshakeException("(certificate_unknown) PKIX path building failed"));

        assertThat(problem.remedy()).contains("javax.net.ssl.trustStore=").doesNotContain("keyStore");
    }

    @Test
    void storesThatCannotBeReadAreToldWithTheOptionsThatNameThem() {
        Problem problem = RestProblem.stores(new UncheckedIOException(
                new IOException(new NoSuchAlgorithmException("Default", new IOException("password was incorrect")))));

        assertThat(problem.why()).contains("password was incorrect");
        assertThat(problem.remedy()).contains("LEVADA_OPTS", "javax.net.ssl.trustStore", "trustStorePassword");
        Problem nobody = RestProblem.unanswered(
                "list connectors",
                new WorkerAddress(URI.create("https://localhost:1"), "--url"),
                new SSLException(
                        "Unexpected error",
                        new InvalidAlgorithmParameterException("the trustAnchors parameter must be non-empty")));
        assertThat(nobody.why()).contains("trust store").doesNotContain("does not speak TLS");
        assertThat(nobody.remedy()).contains("LEVADA_OPTS", "javax.net.ssl.trustStore");
    }

    @Test
    void whatIsAdvisedAsksTheSameServerAndShowsNoCredentials() throws IOException {
        try (StubWorker worker = new StubWorker(404, "{\"error_code\":404,\"message\":\"Connector x not found\"}")) {
            assertThat(levada("connectors", "status", "x", "--url", worker.url())
                            .err())
                    .contains("'levada connectors list --url " + worker.url() + "'");
            assertThat(levada("connectors", "status", "x", "--url", "http://me:secret@localhost:" + worker.port())
                            .err())
                    .contains("'levada connectors list --url http://USER:PASSWORD@localhost:" + worker.port() + "'")
                    .doesNotContain("secret");
        }
        assertThat(levada("connectors", "status", "x", "--url", "http://localhost:1")
                        .err())
                .as("a command that has no such option")
                .contains("'levada worker'");
    }

    @Test
    void credentialsInTheAddressAreSentAndNeverShown() throws IOException {
        try (StubWorker worker = new StubWorker(401, "")) {
            CommandLineRun run = levada("connectors", "list", "--url", "http://me:secret@localhost:" + worker.port());
            assertProblem(run, 7, "http://localhost:" + worker.port());
            assertThat(run.err()).doesNotContain("secret");
            assertThat(worker.authorisations()).containsOnly("Basic bWU6c2VjcmV0");
        }
    }

    private static void greet(ServerSocket other) {
        while (!other.isClosed()) {
            try (Socket socket = other.accept();
                    OutputStream out = socket.getOutputStream()) {
                out.write("220 mail.example ready\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException ignored) {
                // Closed by the client, or at the end of the test.
            }
        }
    }

    private static void assertProblem(CommandLineRun run, int exitCode, String reason) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).startsWith("levada: cannot list connectors").contains(reason);
        assertThat(run.err().lines()).as("what, why, what to do").hasSize(3);
        assertThat(run.out()).isEmpty();
    }
}
