/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The way to a field, possibly inside other fields (KIP-821).
 *
 * <p>Syntax V1 takes the whole text as one name. V2 separates names by dots; a name that holds dots itself stands between backticks, and
 * in it a backtick before a dot is written with a backslash: {@code `order.v2`.id}.
 *
 * @param text as configured, for messages
 * @param steps the names from the outside in, at least one
 */
record FieldPath(String text, List<String> steps) {

    private static final String SYNTAX_KEY = "field.syntax.version";
    private static final String PURPOSE = "reach a nested field";

    FieldPath {
        steps = List.copyOf(steps);
    }

    /** Adds the key that chooses between the two syntaxes. */
    static ConfigDef defineSyntax(ConfigDef definition) {
        return definition.define(
                SYNTAX_KEY,
                ConfigDef.Type.STRING,
                "V1",
                ConfigDef.CaseInsensitiveValidString.in("V1", "V2"),
                ConfigDef.Importance.HIGH,
                "How field names are read: V1 takes them literally; V2 reads a dot as a step into a nested field, with backticks "
                        + "around names that hold dots themselves, as in `order.v2`.id.");
    }

    /** @throws ConfigException if the text is no path in the configured syntax */
    static FieldPath from(AbstractConfig config, String text) {
        boolean nested = config.getString(SYNTAX_KEY).toUpperCase(Locale.ROOT).equals("V2");
        return new FieldPath(text, nested ? split(text) : List.of(text));
    }

    private static List<String> split(String path) {
        List<String> steps = new ArrayList<>();
        int start = 0;
        while (start < path.length()) {
            boolean quoted = path.charAt(start) == '`';
            int end = quoted ? closingBacktick(path, start) : nextDot(path, start);
            steps.add(quoted ? path.substring(start + 1, end).replace("\\`.", "`.") : path.substring(start, end));
            start = end + (quoted ? 2 : 1);
        }
        if (path.isEmpty() || path.endsWith(".")) {
            steps.add("");
        }
        return steps;
    }

    private static int nextDot(String path, int from) {
        int dot = path.indexOf('.', from);
        return dot < 0 ? path.length() : dot;
    }

    /** Only a backtick at the end of the path or before a dot can close, unless a backslash escapes it. */
    private static int closingBacktick(String path, int opening) {
        int at = path.indexOf('`', opening + 1);
        while (at >= 0) {
            boolean last = at == path.length() - 1;
            boolean escaped = path.charAt(at - 1) == '\\';
            if ((last || path.charAt(at + 1) == '.') && !escaped) {
                return at;
            }
            at = path.indexOf('`', at + 1);
        }
        throw new ConfigException("The path " + path + " has a backtick at position " + opening
                + " that is never closed; close it before a dot or at the end, or put a backslash before it");
    }

    /** The field this path leads to, or null if the schema lacks one of the steps. */
    @Nullable
    Field in(Schema schema) {
        Schema current = schema;
        for (String step : parents()) {
            Field field = current.field(step);
            if (field == null) {
                return null;
            }
            current = field.schema();
        }
        return current.field(last());
    }

    /** The value this path leads to, or null if a step is missing or null. */
    @Nullable
    Object in(Struct struct, Nulls nulls) {
        Struct current = struct;
        for (String step : parents()) {
            Field field = current.schema().field(step);
            Object nested = field == null ? null : current.get(field);
            if (nested == null) {
                return null;
            }
            current = RecordPart.struct(nested, PURPOSE);
        }
        Field field = current.schema().field(last());
        return field == null ? null : nulls.read(current, field);
    }

    /** The value this path leads to, or null if a step is missing or null. */
    @Nullable
    Object in(Map<String, @Nullable Object> map) {
        Map<String, @Nullable Object> current = map;
        for (String step : parents()) {
            Object nested = current.get(step);
            if (nested == null) {
                return null;
            }
            current = RecordPart.map(nested, PURPOSE);
        }
        return current.get(last());
    }

    private List<String> parents() {
        return steps.subList(0, steps.size() - 1);
    }

    private String last() {
        return steps.get(steps.size() - 1);
    }
}
