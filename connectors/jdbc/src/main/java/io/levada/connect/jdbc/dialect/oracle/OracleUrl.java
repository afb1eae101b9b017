/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.oracle;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code jdbc:oracle:thin:@//host[:port]/service} and {@code jdbc:oracle:thin:@host:port:sid}. Descriptors in brackets, LDAP and JNDI
 * names, names from files, credentials and properties within the URL are not taken: each lets the URL lead somewhere else.
 */
final class OracleUrl {

    static final String PREFIX = "jdbc:oracle:thin:@";

    /** Properties that may be set apart from the URL, which takes none. */
    static final Set<String> ALLOWED = Set.of(
            "oracle.net.CONNECT_TIMEOUT",
            "oracle.jdbc.ReadTimeout",
            "oracle.net.keepAlive",
            "oracle.net.ssl_server_dn_match",
            "oracle.net.ssl_server_cert_dn",
            "oracle.net.ssl_version",
            "oracle.net.encryption_client",
            "oracle.net.encryption_types_client",
            "oracle.net.crypto_checksum_client",
            "oracle.net.crypto_checksum_types_client",
            "javax.net.ssl.trustStore",
            "javax.net.ssl.trustStoreType",
            "javax.net.ssl.trustStorePassword");

    private static final String EXAMPLE = "jdbc:oracle:thin:@//host:1521/service";
    private static final Pattern SERVICE = Pattern.compile("(?:tcps?:)?//([^/]+)/([A-Za-z0-9_.$#-]+)");
    private static final Pattern SID = Pattern.compile("([^/:]+:[0-9]{1,5}):([A-Za-z0-9_$#]+)");

    private OracleUrl() {}

    static JdbcUrl parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("must have the form " + EXAMPLE);
        }
        String rest = url.substring(PREFIX.length());
        for (Pattern form : new Pattern[] {SERVICE, SID}) {
            Matcher parts = form.matcher(rest);
            if (parts.matches()) {
                UrlText.checkHost(parts.group(1), EXAMPLE);
                return new JdbcUrl(url, parts.group(1), parts.group(2), Map.of());
            }
        }
        throw new IllegalArgumentException("must have the form " + EXAMPLE
                + " or jdbc:oracle:thin:@host:1521:sid, without properties, descriptors or names from a directory");
    }
}
