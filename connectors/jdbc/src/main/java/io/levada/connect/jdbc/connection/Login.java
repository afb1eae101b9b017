/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.jdbc.credentials.JdbcCredentials;
import io.levada.connect.jdbc.credentials.JdbcCredentialsProvider;
import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who we are at the database: what the options say, or a provider that they name. Any thread may ask; whoever made it closes it. */
public final class Login implements AutoCloseable {

    /** What keys of the provider begin with. */
    static final String PREFIX = "jdbc.credentials.provider.";

    /** Confluent's own, which takes user and password from the options. */
    private static final String OF_OPTIONS = "io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider";

    private static final Logger LOGGER = LoggerFactory.getLogger(Login.class);

    private static final String CONNECT_FAILED = "08001";

    private final JdbcCredentials ofOptions;
    private final @Nullable JdbcCredentialsProvider provider;

    private Login(JdbcCredentials ofOptions, @Nullable JdbcCredentialsProvider provider) {
        this.ofOptions = ofOptions;
        this.provider = provider;
    }

    /**
     * Makes and configures the provider, if there is one.
     *
     * @param properties all of the connector's, of which the provider gets its own
     * @throws ConfigException if the provider's class is none, or does not take its configuration
     */
    public static Login of(ConnectionOptions options, Map<String, String> properties) {
        Password password = options.password();
        JdbcCredentials ofOptions = new JdbcCredentials(options.user(), password == null ? null : password.value());
        String name = options.credentialsProvider();
        if (name == null || name.isBlank() || name.strip().equals(OF_OPTIONS)) {
            return new Login(ofOptions, null);
        }
        JdbcCredentialsProvider provider = instance(name.strip());
        try {
            provider.configure(own(properties));
        } catch (RuntimeException | LinkageError e) {
            close(provider);
            throw refused(
                    name, "does not take its configuration (" + e.getClass().getName() + ")", null);
        }
        return new Login(ofOptions, provider);
    }

    private static JdbcCredentialsProvider instance(String name) {
        Class<?> type = Drivers.find(name)
                .orElseThrow(() -> refused(
                        name,
                        "is not in the connector's plugin folder, nor in a folder " + Drivers.FOLDER + " there",
                        null));
        if (!JdbcCredentialsProvider.class.isAssignableFrom(type)) {
            throw refused(name, "does not implement " + JdbcCredentialsProvider.class.getName(), null);
        }
        try {
            return (JdbcCredentialsProvider) type.getConstructor().newInstance();
        } catch (InvocationTargetException e) { // not as the cause, either
            throw refused(
                    name,
                    "cannot be made: its constructor fails ("
                            + e.getTargetException().getClass().getName() + ")",
                    null);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw refused(
                    name, "cannot be made: it needs to be public, with a public constructor without parameters", e);
        }
    }

    private static ConfigException refused(String name, String why, @Nullable Throwable cause) {
        ConfigException refused = new ConfigException(ConnectionOptions.CREDENTIALS, name, why);
        if (cause != null) {
            refused.initCause(cause);
        }
        return refused;
    }

    /** The keys that are the provider's. */
    public static List<String> keys(Map<String, String> properties) {
        return properties.keySet().stream()
                .filter(key -> key.startsWith(PREFIX) && !key.equals(ConnectionOptions.CREDENTIALS))
                .sorted()
                .toList();
    }

    private static Map<String, String> own(Map<String, String> properties) {
        Map<String, String> own = new HashMap<>();
        keys(properties).forEach(key -> own.put(key.substring(PREFIX.length()), properties.get(key)));
        return own;
    }

    /** For a connection that is about to be made. Blocks as long as the provider does. */
    synchronized JdbcCredentials now() throws SQLException {
        if (provider == null) {
            return ofOptions;
        }
        try {
            JdbcCredentials now = provider.credentials();
            if (now == null) {
                throw new SQLTransientConnectionException(
                        "the credentials provider " + provider.getClass().getName() + " gave none", CONNECT_FAILED);
            }
            return now;
        } catch (RuntimeException | LinkageError e) { // not as the cause: its message may hold what the provider holds
            throw new SQLTransientConnectionException(
                    "the credentials provider " + provider.getClass().getName() + " failed: "
                            + e.getClass().getName(),
                    CONNECT_FAILED);
        }
    }

    @Override
    public void close() {
        if (provider != null) {
            close(provider);
        }
    }

    /** Whatever else is to be closed is; the failure's message may hold what the provider holds. */
    private static void close(JdbcCredentialsProvider provider) {
        try {
            provider.close();
        } catch (RuntimeException | LinkageError e) {
            LOGGER.atWarn()
                    .addKeyValue("provider", provider.getClass().getName())
                    .addKeyValue("failure", e.getClass().getName())
                    .log("a credentials provider cannot be closed");
        }
    }
}
