/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Accepts what {@link Pattern} compiles. */
public final class RegexValidator implements ConfigDef.Validator {

    @Override
    public void ensureValid(String name, @Nullable Object value) {
        if (value == null) {
            throw new ConfigException(name, null, "must be a regular expression");
        }
        try {
            Pattern.compile((String) value);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(name, value, "is not a regular expression: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "valid regex";
    }
}
