/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL JDBC URL, taken apart by us: only properties from {@link #ALLOWED} ever reach the driver, since others load classes
 * ({@code socketFactory}, {@code sslfactory}), write files ({@code loggerFile}) or read services (CVE-2022-21724, CVE-2022-26520).
 *
 * @param hosts {@code host[:port]}, several separated by commas; never empty
 * @param database its name, percent-encoded as the user wrote it; empty for the driver's default
 * @param properties allowed properties, decoded
 */
public record JdbcUrl(String hosts, String database, Map<String, String> properties) {

    static final Set<String> ALLOWED = Set.of(
            "user",
            "password",
            "ssl",
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "sslpassword",
            "sslNegotiation",
            "channelBinding",
            "gssEncMode",
            "connectTimeout",
            "loginTimeout",
            "socketTimeout",
            "cancelSignalTimeout",
            "tcpKeepAlive",
            "tcpNoDelay",
            "sendBufferSize",
            "receiveBufferSize",
            "ApplicationName",
            "currentSchema",
            "options",
            "targetServerType",
            "loadBalanceHosts",
            "hostRecheckSeconds",
            "assumeMinServerVersion",
            "binaryTransfer",
            "prepareThreshold",
            "preparedStatementCacheQueries",
            "preparedStatementCacheSizeMiB",
            "defaultRowFetchSize",
            "maxResultBuffer",
            "adaptiveFetch",
            "reWriteBatchedInserts",
            "allowEncodingChanges",
            "logServerErrorDetail");

    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
    private static final Pattern DATABASE = Pattern.compile("[^/?#&;]*");
    private static final Pattern SCHEME = Pattern.compile("jdbc:([A-Za-z0-9+-]{1,30}):.*", Pattern.DOTALL);

    public JdbcUrl {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /**
     * @throws IllegalArgumentException with a message that says what is wrong and holds no part of the URL that may be secret
     */
    public static JdbcUrl parse(String url) {
        if (!url.startsWith(PREFIX)) {
            Matcher scheme = SCHEME.matcher(url);
            throw new IllegalArgumentException("must start with jdbc:postgresql: "
                    + (scheme.matches() ? "but is for " + scheme.group(1) : "but is no JDBC URL")
                    + "; PostgreSQL is the database this connector speaks to");
        }
        String rest = url.substring(PREFIX.length());
        int question = rest.indexOf('?');
        String location = question < 0 ? rest : rest.substring(0, question);
        String hosts = "localhost";
        String database = location;
        if (location.startsWith("//")) {
            int slash = location.indexOf('/', 2);
            hosts = slash < 0 ? location.substring(2) : location.substring(2, slash);
            database = slash < 0 ? "" : location.substring(slash + 1);
        }
        checkHosts(hosts);
        if (!DATABASE.matcher(database).matches()) {
            throw new IllegalArgumentException("has a database name with one of / ? # & ; in it; percent-encode it");
        }
        return new JdbcUrl(hosts, database, question < 0 ? Map.of() : properties(rest.substring(question + 1)));
    }

    private static void checkHosts(String hosts) {
        for (String host : hosts.split(",", -1)) {
            if (host.contains("@")) {
                throw new IllegalArgumentException(
                        "has credentials before the host; use connection.user and connection.password");
            }
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("must name a host as in jdbc:postgresql://host:5432/database");
            }
        }
    }

    private static Map<String, String> properties(String query) {
        Map<String, String> properties = new TreeMap<>();
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!ALLOWED.contains(name)) {
                throw new IllegalArgumentException("has the property " + name
                        + ", which is not on the list of safe ones; remove it (allowed: "
                        + String.join(", ", new java.util.TreeSet<>(ALLOWED)) + ")");
            }
            properties.put(
                    name, equals < 0 ? "true" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return properties;
    }

    /** The URL for the driver, without any property. */
    public String withoutProperties() {
        return PREFIX + "//" + hosts + "/" + database;
    }

    /** The same as {@link #withoutProperties()}: fit for logs and messages. */
    @Override
    public String toString() {
        return withoutProperties();
    }
}
