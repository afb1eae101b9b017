/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.config.OptionException;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lists of patterns choose. */
final class SelectionTest {

    private static final TableName ORDERS = new TableName("public", "orders");

    @ParameterizedTest
    @CsvSource({
        "'', x, false",
        "a, a, true",
        "a, A, true",
        "a, ab, false",
        "a, ba, false",
        "'a, b ', b, true",
        "'a,,b', '', false",
        "a.c, abc, true",
        "'x{1\\,2}', xx, true",
        "'x{1\\,2}', xxx, false",
        "'a\\,b', 'a,b', true",
        "public\\.o.*, public.orders, true",
    })
    void matchesWholeNames(String list, String name, boolean matches) {
        assertThat(NamePatterns.of(list).matches(name)).isEqualTo(matches);
    }

    @Test
    void isEmptyWithoutAPattern() {
        assertThat(NamePatterns.of(" , ").isEmpty()).isTrue();
        assertThat(NamePatterns.of("a").isEmpty()).isFalse();
        assertThatThrownBy(() -> NamePatterns.of("a,(")).isInstanceOf(PatternSyntaxException.class);
    }

    @Test
    void choosesTablesBySchemaAndName() {
        assertThat(selection("", "", "", "").has(ORDERS)).isTrue();
        assertThat(selection("public", "", "", "").has(ORDERS)).isTrue();
        assertThat(selection("pub", "", "", "").has(ORDERS)).isFalse();
        assertThat(selection("", "public", "", "").has(ORDERS)).isFalse();
        assertThat(selection("", "", "public\\.orders", "").has(ORDERS)).isTrue();
        assertThat(selection("", "", "orders", "").has(ORDERS)).isFalse();
        assertThat(selection("", "", "", "public\\.orders").has(ORDERS)).isFalse();
        assertThat(selection("", "", "", "orders").has(ORDERS)).isTrue();
        assertThat(selection("other", "", "public\\.orders", "").has(ORDERS))
                .as("both must hold")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_catalog", "information_schema", "pg_temp_3", "pg_toast", "pg_toast_temp_3"})
    void neverChoosesTheServersOwn(String schema) {
        assertThat(selection(schema, "", ".*", "").has(new TableName(schema, "t")))
                .isFalse();
    }

    @Test
    void choosesColumns() {
        Selection in = new Selection(new SelectionOptions("", "", "", "", "public\\.orders\\.(id|price)", "", ""));
        assertThat(in.has(ORDERS, "price")).isTrue();
        assertThat(in.has(ORDERS, "prices")).isFalse();
        Selection out = new Selection(new SelectionOptions("", "", "", "", "", ".*\\.secret", ""));
        assertThat(out.has(ORDERS, "secret")).isFalse();
        assertThat(out.has(ORDERS, "price")).isTrue();
    }

    @Test
    void refusesToIncludeAndExclude() {
        for (int pair = 0; pair < 3; pair++) {
            String[] lists = {"", "", "", "", "", ""};
            lists[2 * pair] = "a";
            lists[2 * pair + 1] = "b";
            String key = List.of("schema", "table", "column").get(pair) + ".exclude.list";
            assertThatThrownBy(
                            () -> new SelectionOptions(lists[0], lists[1], lists[2], lists[3], lists[4], lists[5], ""))
                    .isInstanceOfSatisfying(
                            OptionException.class, e -> assertThat(e.key()).isEqualTo(key));
        }
    }

    @Test
    void takesKeysInTheOrderInWhichTheyWereChosen() {
        KeyColumns keys = KeyColumns.of("public.orders:b, a ;(.*).lines:n;PUBLIC.UPPER:x");
        assertThat(keys.of(ORDERS, List.of("a", "b", "c"))).containsExactly("b", "a");
        assertThat(keys.of(ORDERS, List.of("a", "c"))).containsExactly("a");
        assertThat(keys.of(new TableName("other", "lines"), List.of("n", "m"))).containsExactly("n");
        assertThat(keys.of(new TableName("public", "upper"), List.of("x"))).containsExactly("x");
        assertThat(keys.of(new TableName("public", "none"), List.of("a", "b"))).isEmpty();
        assertThat(KeyColumns.of(" ; ").of(ORDERS, List.of("a"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "orders:", ":a", "a:b;c"})
    void namesTheEntryThatIsNoKey(String list) {
        assertThatThrownBy(() -> KeyColumns.of(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not table:column,column");
    }

    private static Selection selection(String schemasIn, String schemasOut, String tablesIn, String tablesOut) {
        return new Selection(new SelectionOptions(schemasIn, schemasOut, tablesIn, tablesOut, "", "", ""));
    }
}
