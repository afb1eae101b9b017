/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.oracle;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code jdbc:oracle:thin:@//host[:port]/service} and {@code jdbc:oracle:thin:@host:port:sid}. Descriptors in brackets, LDAP and JNDI
 * names, names from files, credentials and properties within the URL are not taken: each lets the URL lead somewhere else.
 */
final class OracleUrl {

    static final String PREFIX = "jdbc:oracle:thin:@";

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
