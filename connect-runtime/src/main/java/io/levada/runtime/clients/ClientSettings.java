/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** Settings of clients, judged by what the clients define: what one will not take would fail every task at its start. */
public final class ClientSettings {
    private ClientSettings() {}

    /**
     * As the client will read a value.
     *
     * @param name by which an error calls the setting
     * @throws ConfigException that names name, value (a secret is hidden) and rule
     */
    public static Object parsed(ConfigKey key, String name, String value) {
        Object parsed = ConfigDef.parseType(name, value, key.type);
        if (key.validator != null) {
            key.validator.ensureValid(name, parsed);
        }
        return parsed;
    }

    /**
     * Judges the worker's {@code producer.}, {@code consumer.} and {@code admin.} keys. Those that name a class are left to the clients, as a
     * plugin may have it.
     *
     * @throws ConfigException that tells all that is wrong in one line, each with its key, value and rule
     */
    public static void checkWorkers(WorkerConfig worker) {
        List<String> wrong = new ArrayList<>();
        check("producer.", ProducerConfig.configDef(), worker, wrong);
        check("consumer.", ConsumerConfig.configDef(), worker, wrong);
        check("admin.", AdminClientConfig.configDef(), worker, wrong);
        if (!wrong.isEmpty()) {
            throw new ConfigException(String.join(" ", wrong));
        }
    }

    private static void check(String prefix, ConfigDef client, WorkerConfig worker, List<String> wrong) {
        worker.withPrefix(prefix).forEach((setting, value) -> {
            ConfigKey key = client.configKeys().get(setting);
            if (key == null || key.type == ConfigDef.Type.CLASS) {
                return;
            }
            try {
                Object unused = parsed(key, prefix + setting, value);
            } catch (ConfigException e) {
                wrong.add(e.getMessage() + ". Correct it, or leave it out for Kafka's default.");
            }
        });
    }
}
