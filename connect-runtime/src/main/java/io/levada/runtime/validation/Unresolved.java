/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Puts references to config providers back where validation saw what they stand for: secrets leave the worker in no answer, neither as
 * a value nor inside the message of an error.
 *
 * @param references by key, as the config has them
 * @param secrets what they stand for, each with its reference
 */
record Unresolved(Map<String, String> references, Map<String, String> secrets) {
    /** One secret may begin with another, and would be told in part if that were replaced first. */
    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*:[^}]*}");
    /** More in one value are not taken apart: the time to do so grows with the power of their number. */
    private static final int REFERENCES_MAX = 3;
    /** Part of a value that is shorter is no secret, and stands in any text. */
    private static final int SECRET_CHARS_MIN = 4;

    static Unresolved between(Map<String, @Nullable String> given, Map<String, @Nullable String> resolved) {
        Map<String, String> references = new TreeMap<>();
        Map<String, String> secrets = new TreeMap<>(LONGEST_FIRST);
        given.forEach((key, value) -> {
            String real = resolved.get(key);
            if (value != null && real != null && !value.equals(real)) {
                references.put(key, value);
                if (!real.isEmpty()) {
                    secrets.put(real, value);
                    parts(value, real).forEach(secrets::putIfAbsent);
                }
            }
        });
        return new Unresolved(references, secrets);
    }

    /** What each reference within a value stands for, which a message may hold alone; empty if that cannot be told apart. */
    private static Map<String, String> parts(String given, String real) {
        List<String> references = new ArrayList<>();
        StringBuilder pattern = new StringBuilder();
        Matcher reference = REFERENCE.matcher(given);
        int done = 0;
        while (reference.find()) {
            pattern.append(Pattern.quote(given.substring(done, reference.start())))
                    .append("(.*?)");
            references.add(reference.group());
            done = reference.end();
        }
        pattern.append(Pattern.quote(given.substring(done)));
        Map<String, String> parts = new TreeMap<>();
        if (references.size() <= REFERENCES_MAX) {
            Matcher values = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(real);
            if (values.matches()) {
                for (int i = 0; i < references.size(); i++) {
                    String value = values.group(i + 1);
                    if (value.length() >= SECRET_CHARS_MIN) {
                        parts.put(value, references.get(i));
                    }
                }
            }
        }
        return parts;
    }

    ConfigInfos shown(ConfigInfos infos) {
        return references.isEmpty()
                ? infos
                : new ConfigInfos(
                        infos.name(),
                        infos.errorCount(),
                        infos.groups(),
                        infos.configs().stream()
                                .map(info -> new ConfigInfo(info.definition(), shown(info.value())))
                                .toList(),
                        infos.warnings().stream().map(this::clean).toList());
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
