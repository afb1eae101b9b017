/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.0 | 1.0 | true",
                "1.0 | 1.0.0 | true",
                "1.0 | 1.1 | false",
                "[1.0,2.0) | 1.9.9 | true",
                "[1.0,2.0) | 2.0 | false",
                "(,1.5] | 1.5 | true",
                "(1.5,) | 1.5 | false",
                "[1.2] | 1.2 | true",
                "[1,2),[3,4) | 3.5 | true",
                "[1,2),[3,4) | 2.5 | false",
            })
    void contains(String range, String version, boolean contained) {
        assertThat(VersionRange.parse(range).contains(PluginVersion.parse(version)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1.0", "1.0)", "[]", "[1.0,2.0", "[1,2)x", "''"})
    void refuses(String malformed) {
        assertThat(VersionRange.isValid(malformed)).isFalse();
    }

    @Test
    void versionsAreOrderedAsMavenOrdersThem() {
        List<String> ordered = List.of(
                "1.0-alpha", "1.0-beta2", "1.0-rc1", "1.0-SNAPSHOT", "1.0", "1.0.1", "1.2", "1.10", "2.0-rc1", "2.0");

        assertThat(ordered.stream().map(PluginVersion::parse)).isSorted();
    }
}
