/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.validation.advice.Advice;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts references to config providers back where validation saw what they stand for: secrets leave the worker in no answer, neither as
 * a value nor inside the message of an error, a warning or an advice.
 *
 * @param references by key, as the config has them
 * @param secrets what they stand for
 */
record Unresolved(Map<String, String> references, Resolved secrets) {
    static Unresolved between(Map<String, @Nullable String> given, Map<String, @Nullable String> resolved) {
        Map<String, String> references = new TreeMap<>();
        given.forEach((key, value) -> {
            String real = resolved.get(key);
            if (value != null && real != null && !value.equals(real)) {
                references.put(key, value);
            }
        });
        return new Unresolved(references, Resolved.between(given, resolved));
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

    /** The failure itself, or, if a secret is anywhere in it, one that reads the same without the secret, and is answered as the failure is. */
    RuntimeException shown(RuntimeException failure) {
        Throwable masked = secrets.hiddenIn(failure);
        return masked != failure && FailureText.tellable(masked) instanceof MaskedFailure told ? told : failure;
    }

    private String clean(String text) {
        return secrets.hiddenIn(text);
    }
}
