/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Puts references to config providers back where validation saw what they stand for: secrets leave the worker in no answer, neither as
 * a value nor inside the message of an error, a warning or an advice.
 *
 * @param references by key, as the config has them
 * @param secrets what they stand for, each with its reference
 */
record Unresolved(Map<String, String> references, Map<String, String> secrets) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}");
    /** A shorter part is found in any text, and is no secret. */
    private static final int PART_CHARS_MIN = 4;

    static Unresolved between(Map<String, @Nullable String> given, Map<String, @Nullable String> resolved) {
        Map<String, String> references = new TreeMap<>();
        Map<String, String> secrets =
                new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Function.identity()));
        given.forEach((key, value) -> {
            String real = resolved.get(key);
            if (value != null && real != null && !value.equals(real)) {
                references.put(key, value);
                if (!real.isEmpty()) {
                    secrets.put(real, value);
                    putParts(secrets, value, real);
                }
            }
        });
        return new Unresolved(references, secrets);
    }

    /** What each reference of a value stands for, where the value is more than that: a message may quote the secret alone. */
    private static void putParts(Map<String, String> secrets, String value, String real) {
        String before = "";
        int end = 0;
        int place = 0;
        Matcher reference = REFERENCE.matcher(value);
        while (reference.find()) {
            String text = value.substring(end, reference.start());
            int found = real.indexOf(text, place);
            if (found < 0) {
                return;
            }
            putPart(secrets, real.substring(place, found), before);
            before = reference.group();
            end = reference.end();
            place = found + text.length();
        }
        int last = real.length() - (value.length() - end);
        if (last >= place) {
            putPart(secrets, real.substring(place, last), before);
        }
    }

    private static void putPart(Map<String, String> secrets, String part, String reference) {
        if (part.length() >= PART_CHARS_MIN && !part.equals(reference)) {
            secrets.put(part, reference);
        }
    }

    ConfigInfos shown(ConfigInfos infos) {
        return references.isEmpty()
                ? infos
                : new ConfigInfos(
                        infos.name(),
                        infos.errorCount(),
                        infos.groups(),
                        infos.configs().stream()
                                .map(info -> new ConfigInfo(shown(info.definition()), shown(info.value())))
                                .toList(),
                        infos.warnings().stream().map(this::clean).toList());
    }

    /** Definitions are the plugins' and know no value; but the advice on an unknown key quotes the config. */
    private ConfigInfo.@Nullable Definition shown(ConfigInfo.@Nullable Definition definition) {
        if (definition == null || !Advice.GROUP.equals(definition.group())) {
            return definition;
        }
        String advice = definition.documentation();
        return advice == null ? definition : definition.withDocumentation(clean(advice));
    }

    private ConfigInfo.@Nullable Value shown(ConfigInfo.@Nullable Value value) {
        if (value == null) {
            return null;
        }
        String shown = value.value();
        String reference = references.get(value.name());
        return new ConfigInfo.Value(
                value.name(),
                shown == null || reference == null ? shown : reference,
                value.recommendedValues(),
                value.errors().stream().map(this::clean).toList(),
                value.visible());
    }

    /** The failure itself, or, if a secret is anywhere in it, its message alone and without the secret. */
    RuntimeException shown(RuntimeException failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return secrets.keySet().stream().noneMatch(trace.toString()::contains)
                ? failure
                : new ConnectException(clean(failure.toString()));
    }

    private String clean(String text) {
        String clean = text;
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            clean = clean.replace(secret.getKey(), secret.getValue());
        }
        return clean;
    }
}
