/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of a config as ConfigDef reads them where it checks them: trimmed. Whoever obeys them must not read anything else. */
public final class Settings {
    private Settings() {}

    /** The value of a key; null if the config does not have it. */
    public static @Nullable String text(Map<String, ? extends @Nullable String> config, String key) {
        String value = config.get(key);
        return value == null ? null : value.trim();
    }

    /** The value of a key, another where the config does not have it. */
    public static String text(Map<String, ? extends @Nullable String> config, String key, String otherwise) {
        String value = text(config, key);
        return value == null ? otherwise : value;
    }
}
