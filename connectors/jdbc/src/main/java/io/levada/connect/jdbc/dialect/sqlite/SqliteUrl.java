/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.sqlite;

import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.UrlText;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code jdbc:sqlite:PATH}, of a file that exists. Not taken are {@code :resource:}, which loads a database from any URL
 * (CVE-2023-32697), {@code file:} with parameters of its own, and databases in memory, which no other connection sees. Properties that
 * load extensions, name other files or are run as SQL never reach the driver.
 */
final class SqliteUrl {

    static final String PREFIX = "jdbc:sqlite:";

    static final Set<String> ALLOWED =
            Set.of("busy_timeout", "cache_size", "foreign_keys", "journal_mode", "locking_mode", "synchronous");

    /** No colon but that of a drive, and nothing that the driver or SQLite may read as more than a path. */
    private static final Pattern PATH = Pattern.compile("([A-Za-z]:[/\\\\])?[^:?#&;%'\"\\p{Cntrl}]+");

    static final Pattern VALUE = Pattern.compile("-?[A-Za-z0-9]{1,20}");

    private SqliteUrl() {}

    static JdbcUrl parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("must have the form jdbc:sqlite:/path/to/file");
        }
        String rest = url.substring(PREFIX.length());
        int question = rest.indexOf('?');
        String path = question < 0 ? rest : rest.substring(0, question);
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("must name a file, as in jdbc:sqlite:/path/to/file; databases in memory,"
                    + " resources and file: URLs are not taken");
        }
        Map<String, String> properties =
                question < 0 ? Map.of() : UrlText.properties(rest.substring(question + 1), "&", ALLOWED);
        UrlText.checkValues(properties, VALUE);
        return new JdbcUrl(PREFIX + path, "", path, properties);
    }
}
