/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.mysql;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.Set;

/**
 * URLs of MySQL's and MariaDB's drivers, of the plain form with one host. The forms for several hosts, with brackets, and the
 * sub-schemes ({@code jdbc:mysql:replication:}, {@code +srv}) are not taken: each holds properties of its own. Properties that read
 * files or objects of the server's choice ({@code allowLoadLocalInfile}, {@code autoDeserialize}, {@code queryInterceptors}) or load
 * classes never reach the driver.
 */
final class MySqlUrl {

    static final String MYSQL = "jdbc:mysql://";
    static final String MARIADB = "jdbc:mariadb://";

    static final Set<String> ALLOWED = Set.of(
            "user",
            "password",
            "useSSL",
            "requireSSL",
            "verifyServerCertificate",
            "sslMode",
            "serverSslCert",
            "enabledSslProtocolSuites",
            "tlsVersions",
            "connectTimeout",
            "socketTimeout",
            "tcpKeepAlive",
            "tcpNoDelay",
            "tcpRcvBuf",
            "tcpSndBuf",
            "characterEncoding",
            "connectionCollation",
            "useCompression",
            "useUnicode",
            "applicationName",
            "maxAllowedPacket",
            "defaultFetchSize",
            "cachePrepStmts",
            "prepStmtCacheSize",
            "rewriteBatchedStatements",
            "useBulkStmts");

    private static final String EXAMPLE = "jdbc:mysql://host:3306/database or jdbc:mariadb://host:3306/database";

    private MySqlUrl() {}

    static JdbcUrl parse(String url) {
        String prefix = url.startsWith(MYSQL) ? MYSQL : MARIADB;
        if (!url.startsWith(prefix)) {
            throw new IllegalArgumentException("must have the form " + EXAMPLE);
        }
        String rest = url.substring(prefix.length());
        int question = rest.indexOf('?');
        String location = question < 0 ? rest : rest.substring(0, question);
        int slash = location.indexOf('/');
        String host = slash < 0 ? location : location.substring(0, slash);
        String database = slash < 0 ? "" : location.substring(slash + 1);
        UrlText.checkHost(host, EXAMPLE);
        UrlText.checkDatabase(database);
        return new JdbcUrl(
                prefix + host + "/" + database,
                host,
                database,
                question < 0 ? Map.of() : UrlText.properties(rest.substring(question + 1), "&", ALLOWED));
    }
}
