/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class HundredthsTest {

    @Test
    void textIsThatOfJava() {
        new Random(7)
                .longs(200_000, -1_200_000_000, 1_200_000_000)
                .mapToDouble(hundredths -> hundredths / 100.0)
                .forEach(HundredthsTest::isSameOrNone);
        for (int hundredths = -50_000; hundredths < 50_000; hundredths++) {
            isSameOrNone(hundredths / 100.0);
        }
    }

    @Test
    void aNumberBesideOneIsNone() {
        new Random(8)
                .longs(10_000, 1, 999_999_999)
                .mapToDouble(hundredths -> hundredths / 100.0)
                .flatMap(value -> DoubleStream.of(Math.nextUp(value), Math.nextDown(value)))
                .forEach(value ->
                        assertThat(Hundredths.of(value)).as("%s", value).isEqualTo(Hundredths.NONE));
    }

    @Test
    void zeroAndWhatIsLargeOrNoNumberIsNone() {
        for (double value : new double[] {0.0, -0.0, 1e7, -1e7, 1e300, 0.001, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(Hundredths.of(value)).as("%s", value).isEqualTo(Hundredths.NONE);
        }
        assertThat(Hundredths.of(9_999_999.99)).isEqualTo(999_999_999);
    }

    private static void isSameOrNone(double value) {
        long hundredths = Hundredths.of(value);
        if (hundredths != Hundredths.NONE) {
            assertThat(Hundredths.text(hundredths)).isEqualTo(Double.toString(value));
        } else {
            assertThat(value == 0 || Math.abs(value) >= 1e7).as("%s", value).isTrue();
        }
    }
}
