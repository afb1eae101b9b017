/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.sqlserver;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code jdbc:sqlserver://host[\instance][:port][;property=value]}. Properties that load classes ({@code socketFactoryClass},
 * {@code trustManagerClass}, {@code accessTokenCallbackClass}), and values in braces, in which a semicolon may hide, are not taken.
 */
final class SqlServerUrl {

    static final String PREFIX = "jdbc:sqlserver://";

    static final Set<String> ALLOWED = Set.of(
            "databaseName",
            "database",
            "instanceName",
            "portNumber",
            "user",
            "password",
            "encrypt",
            "trustServerCertificate",
            "hostNameInCertificate",
            "serverCertificate",
            "trustStore",
            "trustStorePassword",
            "loginTimeout",
            "socketTimeout",
            "queryTimeout",
            "lockTimeout",
            "cancelQueryTimeout",
            "applicationName",
            "applicationIntent",
            "multiSubnetFailover",
            "packetSize",
            "responseBuffering",
            "sendStringParametersAsUnicode",
            "useBulkCopyForBatchInsert");

    private static final String EXAMPLE = "jdbc:sqlserver://host:1433;databaseName=database";
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9_$-]{1,60}");
    static final Pattern VALUE = Pattern.compile("[^{};]*");

    private SqlServerUrl() {}

    static JdbcUrl parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("must have the form " + EXAMPLE);
        }
        String rest = url.substring(PREFIX.length());
        int semicolon = rest.indexOf(';');
        String server = semicolon < 0 ? rest : rest.substring(0, semicolon);
        int backslash = server.indexOf('\\');
        if (backslash >= 0) {
            String instance = server.substring(backslash + 1).replaceFirst(":[0-9]{1,5}$", "");
            if (!INSTANCE.matcher(instance).matches()) {
                throw new IllegalArgumentException("names an instance with other characters than letters and digits");
            }
            UrlText.checkHost(server.substring(0, backslash), EXAMPLE);
        } else {
            UrlText.checkHost(server, EXAMPLE);
        }
        Map<String, String> properties =
                semicolon < 0 ? Map.of() : UrlText.properties(rest.substring(semicolon + 1), ";", ALLOWED);
        UrlText.checkValues(properties, VALUE);
        String database = properties.getOrDefault("databaseName", properties.getOrDefault("database", ""));
        return new JdbcUrl(PREFIX + server, server, database, properties);
    }
}
