/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArrivedChangesTest {

    private final ArrivedChanges arrived = new ArrivedChanges();

    @Test
    void namesTheChangesThatAreMissingAndCountsThoseThatAreThereTwice() {
        add("{\"op\":\"c\",\"after\":{\"change\":1}}");
        add("{\"op\":\"c\",\"after\":{\"change\":3}}");
        add("{\"op\":\"c\",\"after\":{\"change\":3}}");

        assertThat(arrived.missing(written(1, 2, 3, 4))).isEqualTo(written(2, 4));
        assertThat(arrived.repeated()).isEqualTo(1);
        assertThat(arrived.total()).isEqualTo(3);
        assertThat(arrived.strange()).isZero();
    }

    @Test
    void aDeletionIsKnownByItsRowAndAnUpdateByItsChange() {
        add("{\"op\":\"c\",\"before\":null,\"after\":{\"id\":7,\"change\":1}}");
        add("{\"op\":\"u\",\"before\":null,\"after\":{\"id\":7,\"change\":2}}");
        add("{\"op\":\"d\",\"before\":{\"id\":7,\"change\":0},\"after\":null}");

        BitSet made = written(1, 2, 3);
        made.set(ChangeNumber.ofDeleted(7));
        made.set(ChangeNumber.ofDeleted(2));
        assertThat(arrived.missing(made).stream().mapToObj(ChangeNumber::toString))
                .containsExactly("deletion of id 2", "change 3");
        assertThat(arrived.repeated()).isZero();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "{\"op\": ",
                "{\"id\": 1, \"change\": 1}",
                "{\"op\": \"c\", \"after\": {\"customer\": \"eva\"}}",
                "{\"op\": \"u\", \"after\": {\"change\": -1}}",
                "{\"op\": \"u\", \"after\": {\"change\": 2000000000}}",
                "{\"op\": \"u\", \"after\": {\"change\": 1.5}}",
                "{\"op\": \"d\", \"before\": null, \"after\": {\"change\": 1}}",
                "[1]",
                "null",
                "hello"
            })
    void whatIsNoChangeIsCountedApartAndEndsNothing(String content) {
        arrived.add(content == null ? null : content.getBytes(StandardCharsets.UTF_8));

        assertThat(arrived.strange()).isEqualTo(1);
        assertThat(arrived.total()).isZero();
    }

    private void add(String json) {
        arrived.add(json.getBytes(StandardCharsets.UTF_8));
    }

    static BitSet written(int... changes) {
        BitSet numbers = new BitSet();
        for (int change : changes) {
            numbers.set(ChangeNumber.ofWritten(change));
        }
        return numbers;
    }
}
