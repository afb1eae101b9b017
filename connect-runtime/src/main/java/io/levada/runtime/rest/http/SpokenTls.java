/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which protocols and cipher suites {@code https://} listeners speak. As in Kafka Connect, whose listeners are Jetty's, each word is a regular expression for
 * names that Java has, one that matches none is passed over, and what is weak is not spoken whoever asks for it. Where nothing would be left, which is only found
 * there when a client comes, the worker does not start.
 */
final class SpokenTls {
    private static final Logger LOGGER = LoggerFactory.getLogger(SpokenTls.class);
    private static final Pattern WEAK_PROTOCOLS = Pattern.compile("SSL.*");
    /** Those with old hashes, without forward secrecy, without encryption, or without a certificate. */
    private static final Pattern WEAK_CIPHERS =
            Pattern.compile("SSL_.*|TLS_RSA_.*|.*_(MD5|SHA1?)|.*_NULL_.*|.*_anon_.*");

    private SpokenTls() {}

    /**
     * Of the protocols that are given; those that Java takes if none is.
     *
     * @param key of the config, for its errors
     * @throws ConfigException if none of them can be spoken
     */
    static List<String> protocols(String key, List<String> given) throws GeneralSecurityException {
        SSLEngine server = server();
        Set<String> disabled = disabledByJava();
        return given.isEmpty()
                ? List.of(server.getEnabledProtocols())
                : chosen(
                        key,
                        given,
                        Arrays.stream(server.getSupportedProtocols())
                                .filter(name -> !disabled.contains(name))
                                .toArray(String[]::new),
                        WEAK_PROTOCOLS);
    }

    /** As {@link #protocols}, of cipher suites. */
    static List<String> ciphers(String key, List<String> given) throws GeneralSecurityException {
        SSLEngine server = server();
        return given.isEmpty()
                ? strong(server.getEnabledCipherSuites(), WEAK_CIPHERS)
                : chosen(key, given, server.getSupportedCipherSuites(), WEAK_CIPHERS);
    }

    /**
     * Throws {@link ConfigException} if no suite goes with any protocol: those of TLS 1.3, which say nothing of the key exchange, go with no other, and no
     * other with it.
     */
    static void checkTogether(String protocolsKey, List<String> protocols, String ciphersKey, List<String> ciphers) {
        boolean spoken = protocols.stream()
                .anyMatch(protocol ->
                        ciphers.stream().anyMatch(cipher -> protocol.equals("TLSv1.3") != cipher.contains("_WITH_")));
        if (!spoken) {
            throw new ConfigException(
                    ciphersKey,
                    String.join(",", ciphers),
                    "None of these is spoken by " + protocolsKey + "=" + String.join(",", protocols)
                            + ": add a protocol, or suites of it");
        }
    }

    /** Java takes them for enabled if it is told to enable them, and shakes no hand by them. */
    private static Set<String> disabledByJava() {
        String disabled = Security.getProperty("jdk.tls.disabledAlgorithms");
        return disabled == null
                ? Set.of()
                : Arrays.stream(disabled.split(",", -1)).map(String::strip).collect(Collectors.toUnmodifiableSet());
    }

    /** What Java enables for clients by default may be less, or more: its properties tell these two apart. */
    private static SSLEngine server() throws GeneralSecurityException {
        SSLEngine server = java().createSSLEngine();
        server.setUseClientMode(false);
        return server;
    }

    /** Not the default context: that reads the stores of Java's own properties, which are no matter of ours and may be missing. */
    private static SSLContext java() throws GeneralSecurityException {
        SSLContext java = SSLContext.getInstance("TLS");
        java.init(new KeyManager[0], new TrustManager[0], null); // With null it reads that of trusted certificates.
        return java;
    }

    private static List<String> chosen(String key, List<String> given, String[] supported, Pattern weak) {
        List<String> strong = strong(supported, weak);
        Set<String> chosen = new LinkedHashSet<>();
        for (String word : given) {
            Pattern pattern = pattern(key, word);
            List<String> matching = strong.stream()
                    .filter(name -> pattern.matcher(name).matches())
                    .toList();
            if (matching.isEmpty()) {
                LOGGER.atWarn()
                        .addKeyValue("key", key)
                        .addKeyValue("value", word)
                        .log(
                                "this Java has nothing of this name, it is weak, or Java disables it (jdk.tls.disabledAlgorithms): it is not spoken");
            }
            chosen.addAll(matching);
        }
        if (chosen.isEmpty()) {
            throw new ConfigException(
                    key,
                    String.join(",", given),
                    "None of these can be spoken: there are " + String.join(", ", strong));
        }
        return List.copyOf(chosen);
    }

    private static List<String> strong(String[] names, Pattern weak) {
        return Arrays.stream(names)
                .filter(name -> !weak.matcher(name).matches())
                .toList();
    }

    private static Pattern pattern(String key, String word) {
        try {
            return Pattern.compile(word);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(
                    key,
                    word,
                    "Must be a name, or a regular expression that matches names (" + e.getDescription() + ")");
        }
    }
}
