/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Regular expressions separated by commas, each of which must match a whole name, in upper or lower case. */
public final class NamePatterns {

    private final List<Pattern> patterns;

    private NamePatterns(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    /**
     * Reads a list; a comma that belongs to an expression is written {@code \,}.
     *
     * @throws PatternSyntaxException if one is no regular expression
     */
    public static NamePatterns of(String list) {
        List<Pattern> patterns = new ArrayList<>();
        for (String each : list.split("(?<!\\\\),")) {
            String expression = each.replace("\\,", ",").strip();
            if (!expression.isEmpty()) {
                patterns.add(Pattern.compile(expression, Pattern.CASE_INSENSITIVE));
            }
        }
        return new NamePatterns(patterns);
    }

    /** True without any pattern. */
    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** True if one of them matches the whole name. */
    public boolean matches(String name) {
        for (Pattern pattern : patterns) {
            if (pattern.matcher(name).matches()) {
                return true;
            }
        }
        return false;
    }

    /** Only those that match none of the names. */
    public NamePatterns unmatched(Collection<String> names) {
        return new NamePatterns(patterns.stream()
                .filter(pattern ->
                        names.stream().noneMatch(name -> pattern.matcher(name).matches()))
                .toList());
    }

    /** As they were written. */
    @Override
    public String toString() {
        return patterns.toString();
    }

    /** Checks an option that is such a list. */
    public static final class Validator implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            try {
                if (value != null) {
                    NamePatterns unused = of((String) value);
                }
            } catch (PatternSyntaxException e) {
                throw new ConfigException(
                        name, value, "must be regular expressions separated by commas: " + e.getDescription());
            }
        }

        @Override
        public String toString() {
            return "regular expressions separated by commas";
        }
    }
}
