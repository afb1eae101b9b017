/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * What {@code https://} listeners show and ask for: the worker's {@code ssl.*} keys, or those below their own prefix alone if there
 * are any. Stores are read by kafka-clients, so they may be of the same kinds, PEM included, and the keys mean the same.
 *
 * @param keys the certificate of this worker
 * @param trust whose client certificates are taken; null for those that Java trusts, which is never a login
 * @param clientAuth whether clients are asked for one ({@code ssl.client.auth})
 * @param ciphers those that are spoken
 * @param verifiesHost whether another worker's certificate must be made out to the name it is called by ({@code
 *     ssl.endpoint.identification.algorithm})
 */
public record ListenerTls(
        KeyManagerFactory keys,
        @Nullable TrustManagerFactory trust,
        ClientAuth clientAuth,
        Set<String> protocols,
        List<String> ciphers,
        boolean verifiesHost) {
    private static final String ENCRYPTED = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private static final String CLIENT_AUTH = "ssl.client.auth";
    private static final Map<String, ClientAuth> CLIENT_AUTHS =
            Map.of("none", ClientAuth.NONE, "requested", ClientAuth.REQUEST, "required", ClientAuth.REQUIRED);

    public ListenerTls {
        protocols = Set.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /**
     * Reads the keys of the listeners of one kind.
     *
     * @param listeners their key, {@code listeners} or {@code admin.listeners}; below {@code .https.} of it they may have keys of their own
     * @throws ConfigException that names the keys, and no secret
     */
    public static ListenerTls from(Map<String, String> worker, String listeners) {
        String ownPrefix = listeners + ".https.";
        Map<String, String> own = new HashMap<>();
        worker.forEach((key, value) -> {
            if (key.startsWith(ownPrefix)) {
                own.put(key.substring(ownPrefix.length()), value);
            }
        });
        String prefix = own.isEmpty() ? "" : ownPrefix;
        Map<String, String> given = own.isEmpty() ? worker : own;
        String orOwn = own.isEmpty() ? " (or the same below " + ownPrefix + ", where they count alone)" : "";
        ConfigDef definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        AbstractConfig parsed = new AbstractConfig(definition, withoutProviders(given), false);
        if (parsed.getString(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG) == null
                && parsed.getPassword(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG) == null) {
            throw new ConfigException("An https:// listener of " + listeners + " needs a certificate: set " + prefix
                    + SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG + " and " + prefix
                    + SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG + orOwn + ", or listen on http://");
        }
        ClientAuth clientAuth = clientAuth(prefix, given);
        if (clientAuth == ClientAuth.REQUIRED
                && parsed.getString(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG) == null
                && parsed.getPassword(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG) == null) {
            // Whoever has any certificate of a public authority, which is anybody, would be let in.
            throw new ConfigException(
                    prefix + CLIENT_AUTH,
                    "required",
                    "Say whose certificates let in at " + listeners + ": set " + prefix
                            + SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG
                            + ", or " + prefix + SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG + " with "
                            + prefix + SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG + "=PEM" + orOwn);
        }
        TlsStore.check(parsed, prefix, "keystore");
        TlsStore.check(parsed, prefix, "truststore");
        checkKey(parsed, prefix);
        try (DefaultSslEngineFactory stores = new DefaultSslEngineFactory()) {
            stores.configure(parsed.values());
            checkHasKey(stores.keystore(), parsed, prefix);
            String protocolsKey = prefix + SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG;
            String ciphersKey = prefix + SslConfigs.SSL_CIPHER_SUITES_CONFIG;
            List<String> protocols =
                    SpokenTls.protocols(protocolsKey, parsed.getList(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG));
            List<String> ciphers = SpokenTls.ciphers(ciphersKey, ciphers(parsed));
            SpokenTls.checkTogether(protocolsKey, protocols, ciphersKey, ciphers);
            return new ListenerTls(
                    keys(parsed, stores.keystore()),
                    trust(parsed, stores.truststore()),
                    clientAuth,
                    Set.copyOf(protocols),
                    ciphers,
                    !parsed.getString(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG)
                            .isBlank());
        } catch (KafkaException | GeneralSecurityException e) {
            throw new ConfigException("The certificates of the https:// listeners of " + listeners + " cannot be used ("
                    + prefix + "ssl.*): " + reason(e) + wrongPassword(e, parsed, prefix));
        }
    }

    /** What can be said of a key that the config holds as text, or of a password that is not there, before kafka-clients fail. */
    private static void checkKey(AbstractConfig parsed, String prefix) {
        Password key = parsed.getPassword(SslConfigs.SSL_KEYSTORE_KEY_CONFIG);
        if (key != null) {
            TlsStore.checkPemKey(prefix + SslConfigs.SSL_KEYSTORE_KEY_CONFIG, "key-as-it-is.pem", key.value());
            if (key.value().contains(ENCRYPTED) && parsed.getPassword(SslConfigs.SSL_KEY_PASSWORD_CONFIG) == null) {
                throw new ConfigException(prefix + SslConfigs.SSL_KEYSTORE_KEY_CONFIG + " is encrypted: set " + prefix
                        + SslConfigs.SSL_KEY_PASSWORD_CONFIG);
            }
        }
        boolean isPem = "PEM".equals(parsed.getString(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG));
        if (!isPem
                && parsed.getString(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG) != null
                && parsed.getPassword(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG) == null
                && parsed.getPassword(SslConfigs.SSL_KEY_PASSWORD_CONFIG) == null) {
            throw new ConfigException(prefix + SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG + "="
                    + parsed.getString(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG) + " needs its password: set "
                    + prefix + SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG);
        }
    }

    /** Otherwise each client would be turned away, with a word about cipher suites. */
    private static void checkHasKey(@Nullable KeyStore store, AbstractConfig parsed, String prefix)
            throws GeneralSecurityException {
        if (store == null) {
            return;
        }
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return;
            }
        }
        throw new ConfigException(
                prefix + SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG + "="
                        + parsed.getString(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG)
                        + " holds no private key. Is it a trust store? Name the store with the certificate of this worker and its key.");
    }

    /** Throws {@link ConfigException} if the listeners of one kind are to ask clients for what there is not. */
    public static void checkClientAuth(Map<String, String> worker, String listeners) {
        String own = listeners + ".https.";
        String given = worker.get(own + CLIENT_AUTH);
        if (given != null) {
            ClientAuth unused = clientAuth(own, Map.of(CLIENT_AUTH, given));
        }
    }

    /** Whether nobody gets in without a certificate that is trusted. */
    public boolean asksForLogin() {
        return clientAuth == ClientAuth.REQUIRED;
    }

    public void apply(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(false)
                .setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setClientAuth(clientAuth)
                .setEnabledSecureTransportProtocols(protocols);
        if (trust != null) {
            options.setTrustOptions(TrustOptions.wrap(trust));
        }
        ciphers.forEach(options::addEnabledCipherSuite);
    }

    /** For calls of workers that show and ask for the same. */
    void apply(HttpClientOptions options) {
        options.setKeyCertOptions(KeyCertOptions.wrap(keys))
                .setVerifyHost(verifiesHost)
                .setEnabledSecureTransportProtocols(protocols);
        if (trust != null) {
            options.setTrustOptions(TrustOptions.wrap(trust));
        }
        ciphers.forEach(options::addEnabledCipherSuite);
    }

    /** Their values are in place already; Kafka's parser would look for the providers again, without the plugins. */
    private static Map<String, String> withoutProviders(Map<String, String> given) {
        Map<String, String> plain = new HashMap<>(given);
        plain.remove("config.providers");
        return plain;
    }

    private static KeyManagerFactory keys(AbstractConfig parsed, KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(parsed.getString(SslConfigs.SSL_KEYMANAGER_ALGORITHM_CONFIG));
        Password key = parsed.getPassword(SslConfigs.SSL_KEY_PASSWORD_CONFIG);
        Password whole = parsed.getPassword(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG);
        Password password = key == null ? whole : key;
        keys.init(store, password == null ? new char[0] : password.value().toCharArray());
        return keys;
    }

    private static @Nullable TrustManagerFactory trust(AbstractConfig parsed, @Nullable KeyStore store)
            throws GeneralSecurityException {
        if (store == null) {
            return null;
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(parsed.getString(SslConfigs.SSL_TRUSTMANAGER_ALGORITHM_CONFIG));
        trust.init(store);
        return trust;
    }

    private static ClientAuth clientAuth(String prefix, Map<String, String> given) {
        String value = given.getOrDefault(CLIENT_AUTH, "none").strip();
        ClientAuth auth = CLIENT_AUTHS.get(value.toLowerCase(Locale.ROOT));
        if (auth == null) {
            throw new ConfigException(prefix + CLIENT_AUTH, value, "Must be none, requested or required");
        }
        return auth;
    }

    private static List<String> ciphers(AbstractConfig parsed) {
        List<String> ciphers = parsed.getList(SslConfigs.SSL_CIPHER_SUITES_CONFIG);
        return ciphers == null ? List.of() : ciphers;
    }

    /** Names the key of the password, if that is what is wrong; of two stores the message of kafka-clients names the file. */
    private static String wrongPassword(Exception failure, AbstractConfig parsed, String prefix) {
        return isCausedBy(UnrecoverableKeyException.class, failure)
                ? " Correct " + prefix + passwordKey(failure, parsed) + "."
                : "";
    }

    private static boolean isCausedBy(Class<? extends Exception> type, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String passwordKey(Exception failure, AbstractConfig parsed) {
        if (!isCausedBy(IOException.class, failure)) { // The store was read, the key in it was not.
            return parsed.getPassword(SslConfigs.SSL_KEY_PASSWORD_CONFIG) == null
                    ? SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG
                    : SslConfigs.SSL_KEY_PASSWORD_CONFIG;
        }
        String shown = String.valueOf(parsed.getString(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG));
        String trusted = parsed.getString(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
        return trusted != null && !trusted.equals(shown) && reason(failure).contains(trusted)
                ? SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG
                : SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG;
    }

    private static String reason(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause == failure
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + ": " + cause.getMessage();
        return text.endsWith(".") ? text : text + ".";
    }
}
