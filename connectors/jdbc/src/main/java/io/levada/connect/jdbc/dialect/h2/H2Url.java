/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.h2;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code jdbc:h2:tcp://host[:port]/database[;SETTING=value]} and {@code ssl}. Databases in memory or in a file are not taken: they
 * would run within the worker, where H2's SQL runs any Java (CREATE ALIAS, CREATE TRIGGER; CVE-2021-42392, CVE-2022-23221). Nor is
 * any setting that runs SQL ({@code INIT}).
 */
final class H2Url {

    static final String PREFIX = "jdbc:h2:";

    static final Set<String> ALLOWED = Set.of("SCHEMA", "LOCK_TIMEOUT", "NETWORK_TIMEOUT", "IFEXISTS");

    private static final String EXAMPLE = "jdbc:h2:tcp://host:9092/database";
    private static final Pattern SERVER = Pattern.compile("jdbc:h2:(tcp|ssl)://([^/]*)/(.*)");

    /** H2 puts the value of a setting into SQL as it is. */
    static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_]{1,60}");

    /** A path on the server, relative to its base directory or absolute. */
    private static final Pattern DATABASE = Pattern.compile("(?!.*[.][.])(mem:)?(~?/)?[A-Za-z0-9_][A-Za-z0-9_./-]*");

    private H2Url() {}

    static JdbcUrl parse(String url) {
        int semicolon = url.indexOf(';');
        String location = semicolon < 0 ? url : url.substring(0, semicolon);
        var parts = SERVER.matcher(location);
        if (!parts.matches()) {
            throw new IllegalArgumentException("must lead to a server, as in " + EXAMPLE
                    + ": a database in memory or in a file would run within the worker, where SQL can run any Java");
        }
        String host = parts.group(2);
        String database = parts.group(3);
        UrlText.checkHost(host, EXAMPLE);
        if (!DATABASE.matcher(database).matches()) {
            throw new IllegalArgumentException("must name a database, as in " + EXAMPLE);
        }
        Map<String, String> settings =
                semicolon < 0 ? Map.of() : UrlText.properties(url.substring(semicolon + 1), ";", ALLOWED);
        UrlText.checkValues(settings, VALUE);
        return new JdbcUrl(location, host, database, settings);
    }
}
