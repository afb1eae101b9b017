/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * PostgreSQL's JDBC URLs. Only properties from {@link #ALLOWED} ever reach the driver, since others load classes
 * ({@code socketFactory}, {@code sslfactory}), write files ({@code loggerFile}) or read services (CVE-2022-21724, CVE-2022-26520).
 */
final class PostgresUrl {

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
    private static final String EXAMPLE = "jdbc:postgresql://host:5432/database";
    private static final Pattern DATABASE = Pattern.compile("[^/?#&;]*");

    private PostgresUrl() {}

    /** Takes {@code jdbc:postgresql:[//host[:port][,host[:port]...]/]database[?properties]}. */
    static JdbcUrl parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("must start with " + PREFIX);
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
        UrlText.checkHosts(hosts, EXAMPLE);
        if (!DATABASE.matcher(database).matches()) {
            throw new IllegalArgumentException("has a database name with one of / ? # & ; in it; percent-encode it");
        }
        return new JdbcUrl(
                PREFIX + "//" + hosts + "/" + database,
                hosts,
                database,
                question < 0 ? Map.of() : UrlText.properties(rest.substring(question + 1), "&", ALLOWED));
    }
}
