/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.infos;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows the defaults that a plugin has under another project's name, where they are not those of its class. */
final class PromisedDefaults {
    private PromisedDefaults() {}

    static ConfigInfos shown(ConfigInfos infos, String prefix, Map<String, String> promised) {
        if (promised.isEmpty()) {
            return infos;
        }
        return infos.with(infos.configs().stream()
                .map(info -> new ConfigInfo(shown(info.definition(), prefix, promised), info.value()))
                .toList());
    }

    static ConfigInfo.@Nullable Definition shown(
            ConfigInfo.@Nullable Definition definition, String prefix, Map<String, String> promised) {
        if (definition == null || !definition.name().startsWith(prefix)) {
            return definition;
        }
        String value = promised.get(definition.name().substring(prefix.length()));
        return value == null ? definition : definition.withDefault(value);
    }
}
