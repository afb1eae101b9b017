/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassHeaderTest {
    @Test
    void readsNameParentsAndWhetherItCanBeMade() throws IOException {
        assertThat(ClassHeader.read(bytesOf(java.util.ArrayList.class)).usable())
                .isTrue();
        ClassHeader map = ClassHeader.read(bytesOf(java.util.AbstractMap.class));
        assertThat(map.name()).isEqualTo("java.util.AbstractMap");
        assertThat(map.parents()).containsExactly("java.lang.Object", "java.util.Map");
        assertThat(map.usable()).isFalse();
        assertThat(ClassHeader.read(bytesOf(Integer.class)).usable())
                .as("no constructor without parameters")
                .isFalse();
    }

    @Test
    void aTornFileIsRefusedWhereverItIsTorn() throws IOException {
        byte[] whole = bytesOf(java.util.ArrayList.class);
        for (int length = 0; length < 600; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ClassHeader.read(torn)).isInstanceOf(IOException.class);
        }
    }

    private static byte[] bytesOf(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        }
    }
}
