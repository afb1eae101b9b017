/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values truncated, masked and hashed; digests are those that Debezium 3.7 makes of the same. */
final class ColumnRulesTest {

    private static final TableName USERS = new TableName("public", "users");
    private static final ColumnSize ENDLESS = new ColumnSize(-1, -1, true);

    @ParameterizedTest
    @CsvSource({
        "column.mask.hash.SHA-256.with.salt.salt, b@x.org, ad838b05db4bcce991325b2e57700b5a35ce76c0f8eabc4afc4c3e403f2a5c5e",
        "column.mask.hash.SHA-256.with.salt.salt, grün, 40348648361465b4613edd13cb5ae26efa1fae2ecf83acd46d932a218c478d7a",
        "column.mask.hash.SHA-256.with.salt.salt, '', 5b3d6ca0412baec5bd29469bcf15b3d11a89841fb2aaed6509e63dd51531bbb0",
        "column.mask.hash.v2.SHA-256.with.salt.salt, b@x.org, 31cfbcc81bde866a0d842578b8383dceb932c23b605b5ec090b05c3147aa5508",
        "column.mask.hash.v2.SHA-256.with.salt.salt, grün, 185b7cf49f9764a446ac30aeb88ce1023047e2896d45eeec2f35781aaa116f23",
        "column.mask.hash.v2.SHA-256.with.salt.salt, '', 63479ad69a090b258277ec8fba6f99419a2ffb248981510657c944ccd1148e97",
        "column.mask.hash.MD5.with.salt.salt, grün, 46d10eed80f0bd3ae4fbb2b7bb4c5eb0",
        "column.mask.hash.v2.MD5.with.salt.salt, grün, 2f54ead5c1989c45cfb6d635f80597fb",
    })
    void hashes(String key, String value, String digest) {
        assertThat(changed(key, ENDLESS, value)).isEqualTo(digest);
        assertThat(changed(key, new ColumnSize(20, -1, true), value)).isEqualTo(digest.substring(0, 20));
        assertThat(changed(key, ENDLESS, null)).isNull();
        assertThat(changed(key, new ColumnSize(-1, -1, false), 5)).as("no text").isEqualTo(5);
    }

    @Test
    void masks() {
        String key = "column.mask.with.3.chars";
        assertThat(changed(key, ENDLESS, "secret")).isEqualTo("***");
        assertThat(changed(key, ENDLESS, null)).as("nor whether there is one").isEqualTo("***");
        assertThat(changed(key, new ColumnSize(10, 0, false), 5)).isEqualTo(5);
        assertThat(changed("column.mask.with.0.chars", ENDLESS, "secret")).isEqualTo("");
    }

    @Test
    void truncates() {
        String key = "column.truncate.to.3.chars";
        assertThat(changed(key, ENDLESS, "abcd")).isEqualTo("abc");
        assertThat(changed(key, ENDLESS, "abc")).isEqualTo("abc");
        assertThat(changed(key, ENDLESS, null)).isNull();
        assertThat(changed(key, ENDLESS, bytes("abcd"))).isEqualTo(bytes("abc"));
        assertThat(changed(key, ENDLESS, bytes("ab"))).isEqualTo(bytes("ab"));
        assertThat(changed(key, ENDLESS, 12345)).isEqualTo(12345);
        assertThat(changed(key, new ColumnSize(3, -1, true), "abc"))
                .as("cannot be longer")
                .isEqualTo("abc");
    }

    @Test
    void tellsInTheSchemaWhatItDid() {
        assertThat(parameters("column.truncate.to.3.chars", ENDLESS)).isEqualTo(Map.of("truncateLength", "3"));
        assertThat(parameters("column.truncate.to.3.chars", new ColumnSize(3, -1, true)))
                .isEmpty();
        assertThat(parameters("column.mask.with.3.chars", ENDLESS)).isEqualTo(Map.of("masked", "true"));
        assertThat(parameters("column.mask.hash.SHA-256.with.salt.x", ENDLESS)).isEqualTo(Map.of("masked", "true"));
    }

    @Test
    void propagatesTheColumnsOwnType() {
        assertThat(parameters("column.propagate.source.type", new ColumnSize(12, 2, false)))
                .isEqualTo(Map.of(
                        "__debezium.source.column.type", "VARCHAR",
                        "__debezium.source.column.length", "12",
                        "__debezium.source.column.scale", "2",
                        "__debezium.source.column.name", "mail"));
        assertThat(parameters("column.propagate.source.type", ENDLESS))
                .containsOnlyKeys("__debezium.source.column.type", "__debezium.source.column.name");

        ColumnRules byType = ColumnRules.of(Map.of("datatype.propagate.source.type", ".+\\.VARCHAR"));
        assertThat(byType.of(USERS, column("anything", "varchar"))).isPresent();
        assertThat(byType.of(USERS, column("varchar", "int4"))).isEmpty();
    }

    @Test
    void appliesTheFirstRuleOfAColumnAsDebeziumOrdersThem() {
        Map<String, String> rules = new HashMap<>();
        rules.put("column.mask.hash.v2.SHA-256.with.salt.x", "public.users.mail");
        rules.put("column.mask.hash.SHA-256.with.salt.x", "public.users.mail");
        rules.put("column.propagate.source.type", "public.users.mail");
        rules.put("column.mask.with.2.chars", "public.users.mail");
        rules.put("column.truncate.to.1.chars", "public.users.mail");
        assertThat(changed(rules, ENDLESS, "secret")).isEqualTo("s");
        rules.remove("column.truncate.to.1.chars");
        assertThat(changed(rules, ENDLESS, "secret")).isEqualTo("**");
        rules.remove("column.mask.with.2.chars");
        assertThat(changed(rules, ENDLESS, "secret")).isEqualTo("secret");
        rules.remove("column.propagate.source.type");
        String first = String.valueOf(changed(rules, ENDLESS, "secret"));
        rules.remove("column.mask.hash.v2.SHA-256.with.salt.x");
        assertThat(changed(rules, ENDLESS, "secret")).isEqualTo(first);
    }

    @Test
    void leavesOtherColumnsAlone() {
        ColumnRules rules = ColumnRules.of(Map.of("column.mask.with.3.chars", "public.users.mail, other\\..*"));
        assertThat(rules.of(USERS, column("mail", "text"))).isPresent();
        assertThat(rules.of(USERS, column("mails", "text"))).isEmpty();
        assertThat(rules.of(new TableName("other", "any"), column("mail", "text")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"column.mask.hash.ROT13.with.salt.x", "column.mask.hash.v2.ROT13.with.salt.x"})
    void namesADigestThatIsNotThere(String key) {
        assertThatThrownBy(() -> ColumnRules.of(Map.of(key, "a")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("ROT13");
    }

    /** Nothing would be hidden, and nobody would know. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "column.mask.with.many.chars",
                "column.mask.with.10000.chars",
                "column.mask.hash.SHA-256.salt.x",
                "column.truncate.to.chars"
            })
    void refusesAKeyThatIsWrittenWrongly(String key) {
        assertThatThrownBy(() -> ColumnRules.of(Map.of(key, "a")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("column.mask.with.N.chars");
    }

    @Test
    void namesTheKeyWhoseColumnsAreNoExpressions() {
        assertThatThrownBy(() -> ColumnRules.of(Map.of("column.mask.with.3.chars", "(")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("column.mask.with.3.chars");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Column column(String name, String type) {
        return new Column(name, 1043, -1, false, null, type);
    }

    private static @Nullable Object changed(String key, ColumnSize size, @Nullable Object value) {
        return changed(Map.of(key, "public.users.mail"), size, value);
    }

    private static @Nullable Object changed(Map<String, String> rules, ColumnSize size, @Nullable Object value) {
        Optional<UnaryOperator<@Nullable Object>> change = ColumnRules.of(rules)
                .of(USERS, column("mail", "varchar"))
                .orElseThrow()
                .of(size);
        return change.isEmpty() ? value : change.get().apply(value);
    }

    private static Map<String, String> parameters(String key, ColumnSize size) {
        SchemaBuilder schema = SchemaBuilder.string();
        ColumnRules.of(Map.of(key, "public.users.mail"))
                .of(USERS, column("mail", "varchar"))
                .orElseThrow()
                .describe(column("mail", "varchar"), size, schema);
        return schema.parameters() == null ? Map.of() : schema.parameters();
    }
}
