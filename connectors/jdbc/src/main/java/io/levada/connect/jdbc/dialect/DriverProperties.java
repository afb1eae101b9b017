/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A driver's properties that users may set: those known to be harmless, where others load classes, read files or run SQL.
 *
 * @param names in exactly the spelling that the driver knows
 * @param values what their values match in full
 */
public record DriverProperties(Set<String> names, Pattern values) {

    /** Any value. */
    public static final Pattern ANY = Pattern.compile(".*", Pattern.DOTALL);

    public DriverProperties {
        names = Set.copyOf(names);
    }

    /** What is wrong with a property, without its value; nothing if it may be set. */
    public Optional<String> problem(String name, String value) {
        if (!names.contains(name)) {
            return Optional.of("is no option, nor on the list of the driver's properties that are safe; remove it, or"
                    + " correct its spelling (allowed: " + String.join(", ", new TreeSet<>(names)) + ")");
        }
        return values.matcher(value).matches()
                ? Optional.empty()
                : Optional.of("has a character in it that could make it more than a value");
    }
}
