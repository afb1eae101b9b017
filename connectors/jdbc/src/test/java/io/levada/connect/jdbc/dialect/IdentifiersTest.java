/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentifiersTest {

    private static final Identifiers QUOTED = new Identifiers(Quoting.ALWAYS, Names.ANSI);
    private static final Identifiers PLAIN = new Identifiers(Quoting.NEVER, Names.ANSI);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {"orders | \"orders\"", "a\"b | \"a\"\"b\"", "x\"; DROP TABLE y; -- | \"x\"\"; DROP TABLE y; --\""})
    void quotedNameIsNothingButAName(String name, String sql) {
        assertThat(QUOTED.sql(name)).isEqualTo(sql);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "a\"b", "1a", "a-b", "a.b"})
    void nameThatNeedsQuotesIsRefusedWithoutThem(String name) {
        assertThatThrownBy(() -> PLAIN.sql(name)).hasMessageContaining("set quote.sql.identifiers=always");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000b"})
    void impossibleNameIsRefused(String name) {
        assertThatThrownBy(() -> QUOTED.sql(name)).hasMessageContaining("cannot be the name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                "t | - | - | t",
                "s.t | - | s | t",
                "c.s.t | c | s | t",
                "\"a.b\".\"c\"\"d\" | - | a.b | c\"d",
                "S.\"T\" | - | S | T"
            })
    void qualifiedNamesAreReadWithTheirQuotes(String text, String catalog, String schema, String name) {
        assertThat(QUOTED.table(text)).isEqualTo(new TableId(catalog, schema, name));
    }

    @Test
    void withoutQuotingTheServerFoldsToLowerCase() {
        assertThat(PLAIN.table("Public.Orders")).isEqualTo(new TableId(null, "public", "orders"));
        assertThat(PLAIN.table("\"Orders\"")).isEqualTo(new TableId(null, null, "Orders"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c.d", ".a", "a..b", "", "\"a"})
    void textThatIsNoTableNameIsRefused(String text) {
        assertThatThrownBy(() -> QUOTED.table(text)).hasMessageContaining(text);
    }

    @Test
    void databaseIsNamedWhereStatementsReachOthers() {
        TableId table = new TableId("other", "dbo", "orders");

        assertThat(new SqlServerDialect().identifiers(Quoting.ALWAYS).sql(table))
                .isEqualTo("[other].[dbo].[orders]");
        assertThat(QUOTED.sql(table)).isEqualTo("\"dbo\".\"orders\"");
    }
}
