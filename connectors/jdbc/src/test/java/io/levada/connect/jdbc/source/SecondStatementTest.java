/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecondStatementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1) q; COMMIT; DELETE FROM t; SELECT 1 FROM (SELECT 1",
                "SELECT 1;;",
                "SELECT ';' ; DELETE FROM t",
                "SELECT 'it''s' ; DELETE FROM t",
                "SELECT \"a\"\"b\" ; DELETE FROM t",
                // Backslashes end a text, or do not.
                "SELECT '\\'; DELETE FROM t; -- '",
                "SELECT '\\''; DELETE FROM t; -- '",
                "SELECT E'\\'; DELETE FROM t; -- '",
                "SELECT E'\\\\'; DELETE FROM t; -- '",
                "SELECT \"\\\"; DELETE FROM t; -- \"",
                // Comments are nested, or end at the first end, or are none.
                "SELECT 1 /* /* */ ' */; DELETE FROM t; -- '",
                "SELECT 1 /* ' */; DELETE FROM t; -- '",
                "SELECT 1 -- '\n; DELETE FROM t; -- '",
                "SELECT 1 -- '\r; DELETE FROM t; -- '",
                "SELECT 1 # '\n; DELETE FROM t; -- '",
                "SELECT 1 /*! ; DELETE FROM t */",
                // Other quotes.
                "SELECT $$'$$; DELETE FROM t; SELECT $$'$$",
                "SELECT $a$ $b$ ' $a$; DELETE FROM t; -- '",
                "SELECT q'! ' !'; DELETE FROM t; -- '",
                "SELECT 1 AS `'`; DELETE FROM t; -- '",
                "SELECT 1 AS [']; DELETE FROM t; -- '",
                // Quotes without an end.
                "SELECT 'a ; DELETE FROM t",
                "SELECT \"a ; DELETE FROM t",
            })
    void secondStatementIsSeen(String sql) {
        assertThat(SecondStatement.isPossible(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SELECT id FROM dunes",
                "SELECT ';'",
                "SELECT 'it''s; so' || \";\" || ';;'",
                "SELECT string_agg(name, '; ') FROM grasses WHERE j ? 'k' AND 5 - 3 / 1 > 0",
                "SELECT ';' AS a, '$.b' AS c -- without end",
                "SELECT E'\\'', $$'$$, `a`, [b], 'c' /* ' */ -- '",
            })
    void oneStatementMayHaveSemicolonsInPlainQuotes(String sql) {
        assertThat(SecondStatement.isPossible(sql)).isFalse();
    }

    @Test
    void longTextIsLookedAtWhole() {
        assertThat(SecondStatement.isPossible("SELECT ''" + ", 'a;'".repeat(100_000)))
                .isFalse();
        assertThat(SecondStatement.isPossible("SELECT " + "'a', ".repeat(100_000) + "1; DELETE FROM t"))
                .isTrue();
    }

    @Test
    void oneSemicolonMayEndAStatement() {
        assertThat(SecondStatement.withoutEnd("SELECT 1 ; \n")).isEqualTo("SELECT 1");
        assertThat(SecondStatement.withoutEnd("SELECT ';'")).isEqualTo("SELECT ';'");
    }
}
