/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names in a list with commas, such as topics and aliases. */
public final class Names {
    private Names() {}

    /** Without spaces around them, empty ones and repetitions; none for null. */
    public static List<String> listed(@Nullable String value) {
        return value == null
                ? List.of()
                : Arrays.stream(value.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
    }
}
