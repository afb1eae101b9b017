/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts references to config providers back where validation saw what they stand for: secrets leave the worker in no answer, neither as
 * a value nor inside an error message.
 */
final class Unresolved {
    private Unresolved() {}

    static ConfigInfos shown(
            ConfigInfos infos, Map<String, @Nullable String> given, Map<String, @Nullable String> resolved) {
        Map<String, String> references = new TreeMap<>();
        Map<String, String> secrets = new TreeMap<>();
        given.forEach((key, value) -> {
            String real = resolved.get(key);
            if (value != null && real != null && !Objects.equals(value, real)) {
                references.put(key, value);
                secrets.put(real, value);
            }
        });
        if (references.isEmpty()) {
            return infos;
        }
        return new ConfigInfos(
                infos.name(),
                infos.errorCount(),
                infos.groups(),
                infos.configs().stream()
                        .map(info -> new ConfigInfo(info.definition(), shown(info.value(), references, secrets)))
                        .toList());
    }

    private static ConfigInfo.@Nullable Value shown(
            ConfigInfo.@Nullable Value value, Map<String, String> references, Map<String, String> secrets) {
        if (value == null) {
            return null;
        }
        String shown = value.value();
        String reference = references.get(value.name());
        return new ConfigInfo.Value(
                value.name(),
                shown == null || reference == null ? shown : reference,
                value.recommendedValues(),
                value.errors().stream().map(error -> without(error, secrets)).toList(),
                value.visible());
    }

    private static String without(String error, Map<String, String> secrets) {
        String clean = error;
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            if (!secret.getKey().isEmpty()) {
                clean = clean.replace(secret.getKey(), secret.getValue());
            }
        }
        return clean;
    }
}
