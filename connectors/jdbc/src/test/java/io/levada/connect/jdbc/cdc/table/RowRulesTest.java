/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.config.OptionException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that hold the name of a table. */
final class RowRulesTest {

    private static final TableName ORDERS = new TableName("public", "orders");

    @Test
    void findsTheRuleOfATable() {
        RowRules rules = RowRules.of(Map.of(
                "publication.autocreate.mode", "filtered",
                "publication.row.filter.public.users", " id > 5 ",
                "snapshot.select.statement.overrides", "public.orders , ",
                "snapshot.select.statement.overrides.public.orders", "SELECT * FROM orders WHERE x ; \n"));
        assertThat(rules.select(ORDERS)).contains("SELECT * FROM orders WHERE x");
        assertThat(rules.filter(ORDERS)).isEmpty();
        assertThat(rules.filter(new TableName("public", "users"))).contains("id > 5");
        assertThat(rules.filters()).isEqualTo(Map.of("public.users", "id > 5"));
    }

    @ParameterizedTest
    @CsvSource({
        "publication.row.filter.public.orders, x, publication.autocreate.mode, disabled, publication.row.filter.public.orders",
        "publication.row.filter.public.orders, ' ', publication.autocreate.mode, filtered, publication.row.filter.public.orders",
        "snapshot.select.statement.overrides, a.b, x, x, snapshot.select.statement.overrides.a.b",
        "snapshot.select.statement.overrides.a.b, SELECT 1, x, x, snapshot.select.statement.overrides.a.b",
    })
    void namesTheKeyThatIsMissingOrOfNoUse(String key, String value, String other, String otherValue, String told) {
        assertThatThrownBy(() -> RowRules.of(Map.of(key, value, other, otherValue)))
                .isInstanceOfSatisfying(
                        OptionException.class, e -> assertThat(e.key()).isEqualTo(told));
    }

    @Test
    void refusesBothForATable() {
        assertThatThrownBy(() -> RowRules.of(Map.of(
                        "publication.autocreate.mode", "filtered",
                        "publication.row.filter.a.b", "x",
                        "snapshot.select.statement.overrides", "a.b",
                        "snapshot.select.statement.overrides.a.b", "SELECT 1")))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("publication.row.filter.a.b");
    }
}
