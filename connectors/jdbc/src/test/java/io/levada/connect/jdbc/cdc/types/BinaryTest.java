/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static io.levada.connect.jdbc.cdc.types.Reading.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BinaryTest {

    private static Binary binary(BinaryMode mode) {
        return new Binary(mode, new Placeholder("hex:00fF"));
    }

    @ParameterizedTest
    @CsvSource({
        "\\x00ff3e, 00ff3e, AP8+, AP8-",
        "\\x, '', '', ''",
        "\\xfbff, fbff, +/8=, -_8=",
    })
    void bytesInEachMode(String text, String hex, String base64, String urlSafe) {
        assertThat(shown(read(binary(BinaryMode.BYTES).bytea(), text))).isEqualTo(hex);
        assertThat(read(binary(BinaryMode.HEX).bytea(), text)).isEqualTo(hex);
        assertThat(read(binary(BinaryMode.BASE64).bytea(), text)).isEqualTo(base64);
        assertThat(read(binary(BinaryMode.BASE64_URL_SAFE).bytea(), text)).isEqualTo(urlSafe);
    }

    @Test
    void bytesOfUnknownTypesAreThoseOfTheirText() {
        assertThat(shown(read(binary(BinaryMode.BYTES).unknown(), "(1,ä)"))).isEqualTo("28312cc3a429");
        assertThat(read(binary(BinaryMode.BASE64).unknown(), "(1,ä)")).isEqualTo("KDEsw6Qp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\", "x00", "\\x0", "\\xzz", "\\x0 ", "\\\\00"})
    void whatIsNoHexIsRefused(String text) {
        assertThatThrownBy(() -> read(binary(BinaryMode.BYTES).bytea(), text)).isInstanceOf(DataException.class);
    }

    @Test
    void placeholderMayBeAnyBytes() {
        assertThat(binary(BinaryMode.BYTES).bytea().unavailable())
                .isEqualTo(ByteBuffer.wrap(new byte[] {0, (byte) 0xff}));
        assertThat(binary(BinaryMode.HEX).bytea().unavailable()).isEqualTo("\0\uFFFD");
        assertThatThrownBy(() -> new Placeholder("hex:0g")).isInstanceOf(ConfigException.class);
    }

    @Test
    void placeholderOfUuidsIsMadeOfItsBytes() {
        assertThat(new Placeholder("NOT-SENT").uuids()).containsExactly("39ce6f23-6b38-3da6-834f-cd10aa9f9346");
        assertThat(new Placeholder("AB").int4s()).containsExactly(65, 66);
        assertThat(new Placeholder("AB").int8s()).containsExactly(65L, 66L);
    }

    @ParameterizedTest
    @CsvSource({
        "10110001, b1",
        "00000000, ''",
        "101, 05",
        "110011001100, cc0c",
        "'', ''",
        "000000001, 01",
        "100000000, 0001"
    })
    void bitsBeginAtTheLast(String text, String bytes) {
        assertThat(shown(read(BitStrings.mapping(12), text))).isEqualTo(bytes);
    }

    @Test
    void lengthOfBitsIsInTheirSchema() {
        assertThat(BitStrings.mapping(12).schema().parameters()).containsEntry("length", "12");
        assertThat(BitStrings.mapping(-1).schema().parameters()).containsEntry("length", "2147483647");
        assertThat(read(BitStrings.mapping(1), "1")).isEqualTo(true);
        assertThat(read(BitStrings.mapping(1), "0")).isEqualTo(false);
        assertThatThrownBy(() -> read(BitStrings.mapping(8), "012")).isInstanceOf(DataException.class);
    }
}
