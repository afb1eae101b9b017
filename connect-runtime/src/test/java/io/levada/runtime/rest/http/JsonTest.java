/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTest {
    private final Json json = new Json(1000);

    @Test
    void aBodyInAnUnusableEncodingIsMalformed() {
        byte[] oddByteOrder = {0, 0, (byte) 0xfe, (byte) 0xff, '{', '}', 0, 0};
        assertThatThrownBy(() -> json.strings(oddByteOrder))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining("not text in UTF-8");
    }
}
