/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.rest.http.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** REST over HTTPS, with Kafka Connect's keys. */
final class RestTlsTest {
    private static final String PASSWORD = "changed-it";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        for (String name : List.of("server", "client")) {
            keytool(
                    "-genkeypair",
                    "-alias",
                    name,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "SAN=dns:localhost",
                    "-keystore",
                    store(name),
                    "-storepass",
                    PASSWORD);
            keytool(
                    "-exportcert",
                    "-alias",
                    name,
                    "-keystore",
                    store(name),
                    "-storepass",
                    PASSWORD,
                    "-file",
                    store(name + "-cert"));
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    name,
                    "-file",
                    store(name + "-cert"),
                    "-keystore",
                    store(name + "-trust"),
                    "-storepass",
                    PASSWORD);
        }
    }

    @Test
    void aListenerSpeaksHttpsBesideAnotherOne() throws Exception {
        try (RunningRest rest = started("http://localhost:0,https://localhost:0", Map.of())) {
            HttpResponse<String> reply = get("https://localhost:" + rest.ports().get(1), null);
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.body()).contains("kafka_cluster_id");
            assertThat(rest.call("GET", "/").status()).isEqualTo(200);
        }
    }

    @Test
    void aPageOfTheListenersOwnOriginIsAnsweredOverHttps() throws Exception {
        try (RunningRest rest = started("https://localhost:0", Map.of())) {
            HttpResponse<String> reply =
                    get("https://localhost:" + rest.port(), null, "Origin", "https://localhost:" + rest.port());
            assertThat(reply.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoHasNoCertificateIsKeptOutWhereOneIsRequired() throws Exception {
        Map<String, String> mutual = Map.of(
                "ssl.client.auth",
                "required",
                "ssl.truststore.location",
                store("client-trust"),
                "ssl.truststore.password",
                PASSWORD);
        try (RunningRest rest = started("https://localhost:0", mutual)) {
            String url = "https://localhost:" + rest.port();
            assertThatThrownBy(() -> get(url, null)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(url, "server")).isInstanceOf(IOException.class);
            assertThat(get(url, "client").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoHasNoCertificateGetsInWhereOneIsOnlyRequested() throws Exception {
        Map<String, String> wanted = Map.of(
                "ssl.client.auth",
                "requested",
                "ssl.truststore.location",
                store("client-trust"),
                "ssl.truststore.password",
                PASSWORD);
        try (RunningRest rest = started("https://localhost:0", wanted)) {
            assertThat(get("https://localhost:" + rest.port(), null).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void keysBelowListenersHttpsCountAloneIfThereAreAny() throws Exception {
        Map<String, String> worker = new HashMap<>();
        worker.put("listeners", "https://localhost:0");
        worker.put("ssl.keystore.location", "/nowhere");
        worker.put("ssl.client.auth", "required");
        worker.put("listeners.https.ssl.keystore.location", store("server"));
        worker.put("listeners.https.ssl.keystore.password", PASSWORD);
        try (RunningRest rest = RunningRest.starting(folder, worker).started()) {
            assertThat(get("https://localhost:" + rest.port(), null).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aListenerThatOthersReachMayAskForACertificateInstead() {
        Map<String, String> mutual = new HashMap<>(keystore());
        mutual.put("listeners", "https://0.0.0.0:8443");
        assertThatThrownBy(() -> RestConfig.from(mutual)).hasMessageContaining("rest.insecure");

        mutual.put("ssl.client.auth", "required");
        mutual.put("ssl.truststore.location", store("client-trust"));
        mutual.put("ssl.truststore.password", PASSWORD);

        assertThat(RestConfig.from(mutual).listeners()).containsExactly(new Listener("0.0.0.0", 8443, true));
    }

    /** Java trusts every public authority, whose certificates anybody can have. */
    @Test
    void aCertificateThatAnybodyCanHaveIsNoLogin() {
        Map<String, String> worker = new HashMap<>(keystore());
        worker.put("listeners", "https://localhost:0");
        worker.put("ssl.client.auth", "Required");
        assertThatThrownBy(() -> RestConfig.from(worker))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.client.auth")
                .hasMessageContaining("at listeners: set ssl.truststore.location")
                .hasMessageContaining("below listeners.https.")
                .hasMessageContaining("ssl.truststore.certificates");

        worker.put("listeners.https.ssl.keystore.location", store("server"));
        worker.put("listeners.https.ssl.keystore.password", PASSWORD);
        worker.put("listeners.https.ssl.client.auth", "required");
        worker.put("ssl.truststore.location", store("client-trust"));
        worker.put("ssl.truststore.password", PASSWORD);
        assertThatThrownBy(() -> RestConfig.from(worker))
                .as("keys without the prefix do not count beside those with it")
                .hasMessageContaining("listeners.https.ssl.truststore.location");
    }

    @Test
    void adminListenersHaveKeysOfTheirOwn() throws Exception {
        Map<String, String> own = new HashMap<>();
        own.put("admin.listeners", "https://localhost:0");
        own.put("admin.listeners.https.ssl.keystore.location", store("client"));
        own.put("admin.listeners.https.ssl.keystore.password", PASSWORD);
        own.put("admin.listeners.https.ssl.client.auth", "required");
        own.put("admin.listeners.https.ssl.truststore.location", store("server-trust"));
        own.put("admin.listeners.https.ssl.truststore.password", PASSWORD);
        try (RunningRest rest = started("https://localhost:0", own)) {
            String open = "https://localhost:" + rest.ports().get(0);
            String admin = "https://localhost:" + rest.ports().get(1) + "/admin/loggers";
            assertThat(get(open, null).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> call(admin, null, "client-trust")).isInstanceOf(IOException.class);
            assertThat(call(admin, "server", "client-trust").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aLoginAtOneKindOfListenersOpensNoneOfTheOther() {
        Map<String, String> worker = new HashMap<>(keystore());
        worker.put("listeners", "https://localhost:0");
        worker.put("admin.listeners", "https://0.0.0.0:8443");
        worker.put("listeners.https.ssl.keystore.location", store("server"));
        worker.put("listeners.https.ssl.keystore.password", PASSWORD);
        worker.put("listeners.https.ssl.client.auth", "required");
        worker.put("listeners.https.ssl.truststore.location", store("client-trust"));
        worker.put("listeners.https.ssl.truststore.password", PASSWORD);
        assertThatThrownBy(() -> RestConfig.from(worker))
                .hasMessageContaining("admin.listeners")
                .hasMessageContaining("rest.insecure");

        worker.put("listeners", "https://0.0.0.0:8443");
        worker.put("admin.listeners", "https://localhost:0");

        assertThat(RestConfig.from(worker).listeners()).hasSize(1);
    }

    @Test
    void onlyProtocolsThatAreEnabledAreSpoken() throws Exception {
        try (RunningRest rest = started("https://localhost:0", Map.of("ssl.enabled.protocols", "TLSv1.2"))) {
            HttpResponse<String> reply = get("https://localhost:" + rest.port(), null);
            assertThat(reply.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void whatJavaDoesNotKnowOrWhatIsWeakIsNotSpokenAndTheRestIs() throws Exception {
        Map<String, String> spoken = Map.of(
                "ssl.enabled.protocols", "TLSv9,TLSv1.2",
                "ssl.cipher.suites", "ECDHE-RSA-AES128-GCM-SHA256,TLS_.*_WITH_AES_256_.*");
        try (RunningRest rest = started("https://localhost:0", spoken)) {
            SSLSession session =
                    get("https://localhost:" + rest.port(), null).sslSession().orElseThrow();
            assertThat(session.getProtocol()).isEqualTo("TLSv1.2");
            assertThat(session.getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        }
        Map<String, String> worker = new HashMap<>(keystore());
        worker.put("listeners", "https://localhost:0");
        worker.putAll(spoken);
        assertThat(RestConfig.from(worker).tls().orElseThrow().ciphers())
                .contains("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
                .noneMatch(suite -> suite.startsWith("TLS_RSA_") || suite.endsWith("_SHA") || suite.contains("_anon_"));
    }

    @Test
    void whatIsWeakIsNotSpokenIfNoSuiteIsNamedEither() {
        Map<String, String> worker = new HashMap<>(keystore());
        worker.put("listeners", "https://localhost:0");

        assertThat(RestConfig.from(worker).tls().orElseThrow().ciphers())
                .contains("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
                .noneMatch(suite -> suite.startsWith("TLS_RSA_") || suite.endsWith("_SHA") || suite.contains("_anon_"));
    }

    @Test
    void noProtocolsAreThoseOfJava() throws Exception {
        try (RunningRest rest = started("https://localhost:0", Map.of("ssl.enabled.protocols", ""))) {
            assertThat(get("https://localhost:" + rest.port(), null).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aListenerThatCouldSpeakNothingIsRefused() {
        assertThat(refused("ssl.enabled.protocols", "TLSv9,SSLv3"))
                .contains("listeners.https.ssl.enabled.protocols")
                .contains("TLSv9,SSLv3")
                .contains("TLSv1.3");
        assertThat(refused("ssl.cipher.suites", "TLS_RSA_WITH_AES_128_CBC_SHA"))
                .contains("listeners.https.ssl.cipher.suites")
                .contains("TLS_AES_256_GCM_SHA384");
        assertThat(refused("ssl.cipher.suites", "TLS_(.*")).contains("regular expression");
    }

    @Test
    void storesThatJavaItselfIsToldOfAreNoMatterOfTheListeners() throws Exception {
        SSLContext before = SSLContext.getDefault();
        SSLContext.setDefault(new SSLContext(new BrokenContext(), null, "Default") {});
        try {
            Map<String, String> worker = new HashMap<>(keystore());
            worker.put("listeners", "https://localhost:0");
            assertThat(RestConfig.from(worker).listeners()).hasSize(1);
        } finally {
            SSLContext.setDefault(before);
        }
    }

    /** As the default is where {@code javax.net.ssl.keyStore} names what is not there. */
    private static final class BrokenContext extends SSLContextSpi {
        private static IllegalStateException failure() {
            return new IllegalStateException("on purpose");
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
            throw failure();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw failure();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw failure();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            throw failure();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            throw failure();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            throw failure();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            throw failure();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            throw failure();
        }
    }

    @Test
    void aKeyAndItsCertificateMayBePem() throws Exception {
        KeyStore server = load("server");
        String certificate = pem("CERTIFICATE", server.getCertificate("server").getEncoded());
        String key = pem(
                "PRIVATE KEY", server.getKey("server", PASSWORD.toCharArray()).getEncoded());
        Path both = Files.writeString(folder.resolve("server.pem"), key + certificate);
        Map<String, String> file = Map.of(
                "listeners", "https://localhost:0",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", both.toString());
        Map<String, String> text = Map.of(
                "listeners",
                "https://localhost:0",
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.certificate.chain",
                certificate,
                "ssl.keystore.key",
                key);
        for (Map<String, String> worker : List.of(file, text)) {
            try (RunningRest rest = RunningRest.starting(folder, worker).started()) {
                assertThat(get("https://localhost:" + rest.port(), null).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void whatIsWrongWithTheKeysIsToldWithoutTheSecret() {
        assertThatThrownBy(() -> RestConfig.from(Map.of("listeners", "https://localhost:0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.keystore.location");
        Map<String, String> own = new HashMap<>();
        keystore().forEach((key, value) -> own.put("listeners.https." + key, value));
        own.put("listeners", "https://localhost:0");
        own.put("admin.listeners", "https://localhost:0");
        assertThatThrownBy(() -> RestConfig.from(own))
                .hasMessageContaining("of admin.listeners")
                .hasMessageContaining("set ssl.keystore.location")
                .hasMessageContaining("below admin.listeners.https.");
        Map<String, String> wrong = new HashMap<>(keystore());
        wrong.put("listeners", "https://localhost:0");
        wrong.put("ssl.keystore.password", "not-the-secret");
        assertThatThrownBy(() -> RestConfig.from(wrong))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.*")
                .hasMessageNotContaining("not-the-secret");
        Map<String, String> odd = new HashMap<>(keystore());
        odd.put("listeners", "https://localhost:0");
        odd.put("ssl.client.auth", "perhaps");
        assertThatThrownBy(() -> RestConfig.from(odd)).hasMessageContaining("ssl.client.auth");
    }

    @Test
    void aStoreThatCannotBeReadIsToldInTheWordsOfItsKeys() throws Exception {
        Path pem = Files.writeString(
                folder.resolve("named.pem"),
                "subject=CN=localhost\n"
                        + pem(
                                "CERTIFICATE",
                                load("server").getCertificate("server").getEncoded()));

        assertThat(refused("ssl.keystore.location", "/nope.p12"))
                .contains("listeners.https.ssl.keystore.location=/nope.p12: there is no such file");
        assertThat(refused("ssl.truststore.location", "/nope.p12"))
                .contains("listeners.https.ssl.truststore.location=/nope.p12: there is no such file");
        assertThat(refused("ssl.keystore.location", folder.toString())).contains("is a folder");
        assertThat(refused("ssl.keystore.location", pem.toString()))
                .contains("set listeners.https.ssl.keystore.type=PEM");
        assertThat(refused("ssl.truststore.location", pem.toString()))
                .contains("set listeners.https.ssl.truststore.type=PEM");
        assertThat(refused("ssl.keystore.password", "not-the-secret"))
                .contains("Correct listeners.https.ssl.keystore.password")
                .doesNotContain("not-the-secret");
        assertThat(refused("ssl.key.password", "not-the-secret"))
                .contains("Correct listeners.https.ssl.key.password")
                .doesNotContain("not-the-secret");
        assertThat(refused("ssl.truststore.password", "not-the-secret"))
                .contains("Correct listeners.https.ssl.truststore.password")
                .doesNotContain("not-the-secret");
    }

    @Test
    void aStoreWithoutAPasswordOrWithoutAKeyIsToldWithItsKey() {
        Map<String, String> worker = new HashMap<>(Map.of("listeners", "https://localhost:0"));
        worker.put("ssl.keystore.location", store("server"));
        assertThatThrownBy(() -> RestConfig.from(worker))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(store("server") + " needs its password: set ssl.keystore.password");
        assertThat(refused("ssl.keystore.location", store("client-trust")))
                .contains("listeners.https.ssl.keystore.location=" + store("client-trust") + " holds no private key");
    }

    @Test
    void aKeyOfTheOlderFormIsToldWithTheCommandThatTurnsIt() throws Exception {
        KeyStore server = load("server");
        byte[] key = server.getKey("server", PASSWORD.toCharArray()).getEncoded();
        String certificate = pem("CERTIFICATE", server.getCertificate("server").getEncoded());
        for (String kind : List.of("RSA PRIVATE KEY", "EC PRIVATE KEY")) {
            Path both = Files.writeString(folder.resolve("older.pem"), certificate.repeat(20) + pem(kind, key));
            assertThatThrownBy(() -> RestConfig.from(Map.of(
                            "listeners", "https://localhost:0",
                            "ssl.keystore.type", "PEM",
                            "ssl.keystore.location", both.toString())))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in " + both);
            assertThatThrownBy(() -> RestConfig.from(Map.of(
                            "listeners",
                            "https://localhost:0",
                            "ssl.keystore.type",
                            "PEM",
                            "ssl.keystore.certificate.chain",
                            certificate,
                            "ssl.keystore.key",
                            pem(kind, key))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("ssl.keystore.key: ")
                    .hasMessageContaining("openssl pkcs8 -topk8");
        }
        assertThatThrownBy(() -> RestConfig.from(Map.of(
                        "listeners",
                        "https://localhost:0",
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.certificate.chain",
                        certificate,
                        "ssl.keystore.key",
                        pem("ENCRYPTED PRIVATE KEY", key))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.keystore.key is encrypted: set ssl.key.password");
    }

    @Test
    void whatJavaDisablesAndWhatDoesNotGoTogetherIsNotSpoken() {
        assertThat(refused("ssl.enabled.protocols", "TLSv1.1"))
                .contains("listeners.https.ssl.enabled.protocols")
                .contains("TLSv1.3, TLSv1.2")
                .doesNotContain("SSLv3");
        Map<String, String> apart = Map.of(
                "ssl.enabled.protocols", "TLSv1.3", "ssl.cipher.suites", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
        Map<String, String> worker = new HashMap<>(keystore());
        worker.put("listeners", "https://localhost:0");
        worker.putAll(apart);
        assertThatThrownBy(() -> RestConfig.from(worker))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.cipher.suites")
                .hasMessageContaining("ssl.enabled.protocols=TLSv1.3");
    }

    /** What is said if this one key is not as it should be. */
    private static String refused(String key, String value) {
        Map<String, String> worker = new HashMap<>();
        keystore().forEach((right, given) -> worker.put("listeners.https." + right, given));
        worker.put("listeners", "https://localhost:0");
        worker.put("listeners.https.ssl.truststore.location", store("client-trust"));
        worker.put("listeners.https.ssl.truststore.password", PASSWORD);
        worker.put("listeners.https." + key, value);
        return String.valueOf(assertThatThrownBy(() -> RestConfig.from(worker))
                .isInstanceOf(ConfigException.class)
                .actual()
                .getMessage());
    }

    private static RunningRest started(String listeners, Map<String, String> more) {
        Map<String, String> worker = new HashMap<>(keystore());
        worker.put("listeners", listeners);
        worker.putAll(more);
        return RunningRest.starting(folder, worker).started();
    }

    private static Map<String, String> keystore() {
        return Map.of("ssl.keystore.location", store("server"), "ssl.keystore.password", PASSWORD);
    }

    private static String store(String name) {
        return folder.resolve(name + ".p12").toString();
    }

    /** @param certificate the client's, null for none */
    private static HttpResponse<String> get(String url, @Nullable String certificate, String... headers)
            throws Exception {
        return call(url + "/", certificate, "server-trust", headers);
    }

    private static HttpResponse<String> call(
            String url, @Nullable String certificate, String trusted, String... headers) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(trusted));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate == null ? null : load(certificate), PASSWORD.toCharArray());
        context.init(certificate == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMinutes(1));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String pem(String kind, byte[] content) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + kind + "-----\n" + lines.encodeToString(content) + "\n-----END " + kind + "-----\n";
    }

    private static KeyStore load(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(Path.of(store(name)))) {
            store.load(bytes, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
    }
}
