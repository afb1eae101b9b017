/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.BootstrapResolutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong with a broker, the answer is three lines and the right exit code. */
final class KafkaProblemTest {
    private static final BrokerAddress ADDRESS = new BrokerAddress("localhost:9092", "the default");

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownTopicOrPartitionException("This server does not host"), 3, "no such topic"),
                Arguments.of(new GroupIdNotFoundException("Group g not found"), 3, "Group g not found"),
                Arguments.of(new TopicExistsException("Topic t exists"), 4, "Topic t exists"),
                Arguments.of(new InvalidTopicException("bad name"), 5, "bad name"),
                Arguments.of(new InvalidPartitionsException("no"), 5, "no"),
                Arguments.of(new InvalidReplicationFactorException("3 of 1"), 5, "3 of 1"),
                Arguments.of(new InvalidConfigurationException("retention.ms"), 5, "retention.ms"),
                Arguments.of(new PolicyViolationException("too many"), 5, "too many"),
                Arguments.of(new ConfigException("ssl.protocol", "x"), 5, "ssl.protocol"),
                Arguments.of(new TimeoutException("Timed out"), 6, "does not speak Kafka's protocol"),
                Arguments.of(new DisconnectException(), 6, "does not speak Kafka's protocol"),
                Arguments.of(new BootstrapResolutionException("none"), 6, "localhost:9092"),
                Arguments.of(new TopicAuthorizationException("t"), 7, "t"),
                Arguments.of(new GroupAuthorizationException("g"), 7, "g"),
                Arguments.of(new SaslAuthenticationException("wrong password"), 7, "wrong password"),
                Arguments.of(new SslAuthenticationException("SSL handshake failed"), 7, "SSL handshake failed"),
                Arguments.of(new UnsupportedVersionException("old"), 1, "old"),
                Arguments.of(new UnknownServerException("?"), 1, "?"),
                Arguments.of(new IllegalStateException(), 1, "IllegalStateException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasItsCodeAReasonAndAnAdvice(Exception failure, int exitCode, String reason) {
        for (Exception seen :
                List.of(failure, new ExecutionException(failure), new KafkaException("Failed to create", failure))) {
            Problem problem = KafkaProblem.from("list topics", ADDRESS, seen);
            assertThat(problem.exitCode()).isEqualTo(exitCode);
            assertThat(problem.what()).isEqualTo("cannot list topics");
            assertThat(problem.why()).contains(reason).isNotEqualTo("null");
            assertThat(problem.remedy()).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"topics list", "topics describe t", "groups list", "groups describe g", "consume t", "produce t"
            })
    void aHostThatIsNotThereAndAPortWhereNothingListensAreToldInTheSameWords(String verb) {
        assertUnreachable(run(verb, "no-such-host.invalid:9092"), "there is no host 'no-such-host.invalid'");
        assertUnreachable(run(verb, "localhost:1"), "nothing listens there");
    }

    @Test
    void oneOfSeveralAddressesIsEnoughButNoneIsNot() {
        assertUnreachable(
                run("topics list", "localhost:1,no-such-host.invalid:9092"),
                "nothing listens there; there is no host 'no-such-host.invalid'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:port", "localhost:99999", "http://localhost:9092/x", ""})
    void whatIsNoAddressIsAWrongUse(String address) {
        CommandLineRun run = run("topics list", address);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Write it as localhost:9092");
    }

    @Test
    void aMissingFileOfClientPropertiesIsNamed() {
        CommandLineRun run = levada("topics", "list", "--command-config", "none.properties");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("there is no file none.properties").doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({"bad_certificate", "certificate_required", "certificate_unknown"})
    void aBrokerThatWantsACertificateIsToldWithTheKeysThatNameOne(String alert) {
        Exception failure = new SslAuthenticationException(
                "SSL handshake failed", new SSLHandshakeException("Received fatal alert: " + alert));

        assertThat(KafkaProblem.from("list topics", ADDRESS, new ExecutionException(failure))
                        .remedy())
                .contains("ssl.keystore.location", "--command-config");
    }

    /** So says Java from 22 on. */
    @Test
    void aBrokerThatIsNotTrustedIsNotTakenForOneThatWantsACertificate() {
        Exception failure = new SslAuthenticationException(
                "SSL handshake failed", new SSLHandshakeException("(certificate_unknown) PKIX path building failed"));

        assertThat(KafkaProblem.from("list topics", ADDRESS, new ExecutionException(failure))
                        .remedy())
                .doesNotContain("keystore");
    }

    @Test
    void aTrustStoreThatCannotBeReadIsToldWithItsFileAndKeys(@TempDir Path dir) throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        Path store = dir.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(store)) {
            empty.store(out, "right".toCharArray());
        }
        assertUnreadable(dir, dir.resolve("none.p12"), "there is no such file");
        assertUnreadable(dir, store, "its password is another");
    }

    private static void assertUnreadable(Path dir, Path store, String reason) throws IOException {
        Path config = Files.writeString(
                dir.resolve("client.properties"),
                "security.protocol=SSL\nssl.truststore.type=PKCS12\nssl.truststore.password=wrong-one\nssl.truststore.location="
                        + store + "\n");
        try (ServerSocket broker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CommandLineRun run = levada(
                    "topics",
                    "list",
                    "--bootstrap-server",
                    "localhost:" + broker.getLocalPort(),
                    "--command-config",
                    config.toString());
            assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
            assertThat(run.err())
                    .contains(store.toString(), reason, "ssl.truststore", "--command-config")
                    .doesNotContain("wrong-one");
        }
    }

    @Test
    void theBrokerIsNamedByTheOptionThenTheFileThenTheEnvironment() {
        Map<String, String> environment = Map.of("LEVADA_BOOTSTRAP", "c:1");
        assertThat(KafkaOptions.address("a:1", "b:1", "f", environment).servers())
                .isEqualTo("a:1");
        assertThat(KafkaOptions.address(null, "b:1", "f", environment)).isEqualTo(new BrokerAddress("b:1", "f"));
        assertThat(KafkaOptions.address(null, null, "f", environment).servers()).isEqualTo("c:1");
        assertThat(KafkaOptions.address(null, null, "f", Map.of()).servers()).isEqualTo("localhost:9092");
    }

    private static CommandLineRun run(String verb, String address) {
        return levada((verb + " --bootstrap-server=" + address).split(" "));
    }

    private static void assertUnreachable(CommandLineRun run, String reason) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.err()).contains("no answer from a broker at").contains(reason);
        assertThat(run.err().lines()).as("what, why, what to do").hasSize(3);
    }
}
