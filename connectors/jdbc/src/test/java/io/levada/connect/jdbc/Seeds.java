/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import java.util.stream.LongStream;

/** Seeds of tests that do things at random: one in each build, more with {@code -Dlevada.seeds=3}. */
final class Seeds {

    private Seeds() {}

    static LongStream all() {
        return LongStream.rangeClosed(1, Long.getLong("levada.seeds", 1));
    }
}
