/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.connection.ConnectFailure;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/** Validation in two steps: the options by themselves, and if nothing is wrong with them, the database they lead to. */
final class LiveValidation {

    private LiveValidation() {}

    static <T extends Record> Config of(
            ConfigSpec<T> spec, Map<String, String> properties, Function<T, Optional<ConnectFailure>> database) {
        Config config = spec.validate(properties);
        if (config.configValues().stream()
                .allMatch(value -> value.errorMessages().isEmpty())) {
            database.apply(spec.bind(properties)).ifPresent(failure -> report(config, failure));
        }
        return config;
    }

    private static void report(Config config, ConnectFailure failure) {
        ConfigValue value = config.configValues().stream()
                .filter(each -> each.name().equals(failure.key()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no option " + failure.key()));
        value.addErrorMessage(failure.message());
    }
}
