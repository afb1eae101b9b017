/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * A setting of the broker, as declared and as its properties give it.
 *
 * @param name Kafka's name
 * @param defaultValue null where another spelling of the same setting holds the default
 * @param given what the properties say, null if nothing
 * @param topicSetting the topic setting whose default it is, null if it is the broker's alone
 * @param factor by which its values are multiplied to become values of the topic setting: 60,000 for minutes
 */
public record BrokerSetting(
        String name,
        @Nullable String defaultValue,
        @Nullable String given,
        ConfigDef.Type type,
        String documentation,
        @Nullable String topicSetting,
        long factor) {

    /** A setting that concerns the broker alone. */
    public static BrokerSetting ofBroker(
            String name,
            @Nullable String defaultValue,
            @Nullable String given,
            ConfigDef.Type type,
            String documentation) {
        return new BrokerSetting(name, defaultValue, given, type, documentation, null, 1);
    }

    /** Whether it can change while the broker runs: the defaults of topics can, in the spelling that Kafka takes too. */
    boolean isDynamic() {
        return topicSetting != null && factor == 1;
    }

    /** {@code value} as the topic setting has it. */
    String toTopicValue(String value) {
        long number = factor == 1 ? -1 : Long.parseLong(value.trim());
        return number < 0 ? value : Long.toString(Math.multiplyExact(number, factor));
    }
}
