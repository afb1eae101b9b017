/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.spelling;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** What is wrong with the values of settings, one problem for each setting that has any. */
public final class SettingProblems {
    private SettingProblems() {}

    /** In the order of {@code keys}; settings that it does not define are passed over. */
    public static List<String> of(ConfigDef keys, Map<String, String> settings) {
        // Of a value that is not of its type Kafka says after that, too, that it is null.
        return keys.validate(settings).stream()
                .flatMap(value -> value.errorMessages().stream().limit(1))
                .toList();
    }
}
