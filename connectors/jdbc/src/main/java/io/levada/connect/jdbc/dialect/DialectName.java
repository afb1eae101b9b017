/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import io.levada.connect.api.config.Spelled;

/** The dialects that {@code dialect.name} can choose, under the names of Confluent's connector. */
public enum DialectName implements Spelled {
    POSTGRESQL("PostgreSqlDatabaseDialect");

    private final String spelling;

    DialectName(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    /** The dialect of that name. */
    public Dialect dialect() {
        return new PostgresDialect();
    }
}
