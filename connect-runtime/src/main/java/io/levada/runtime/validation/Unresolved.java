/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
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
    static Unresolved between(Map<String, @Nullable String> given, Map<String, @Nullable String> resolved) {
        Map<String, String> references = new TreeMap<>();
        Map<String, String> secrets = new TreeMap<>();
        given.forEach((key, value) -> {
            String real = resolved.get(key);
            if (value != null && real != null && !value.equals(real)) {
                references.put(key, value);
                if (!real.isEmpty()) {
                    secrets.put(real, value);
                }
            }
        });
        return new Unresolved(references, secrets);
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
