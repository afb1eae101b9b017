/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.connection.ConnectFailure;
import io.levada.connect.jdbc.connection.Login;
import java.util.ArrayList;
import java.util.List;
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
        List<ConfigValue> values = new ArrayList<>(spec.validate(properties).configValues());
        // Known keys, whose values are shown to nobody: they may be secrets of the provider.
        Login.keys(properties).forEach(key -> values.add(new ConfigValue(key, null, List.of(), new ArrayList<>())));
        Config config = new Config(values);
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
