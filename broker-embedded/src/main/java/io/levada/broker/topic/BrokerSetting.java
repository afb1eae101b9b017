/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import org.apache.kafka.common.config.ConfigDef;

/**
 * A setting of the broker as DescribeConfigs reports it.
 *
 * @param name Kafka's name
 * @param value the value in force
 * @param isDefault whether nobody set it
 */
public record BrokerSetting(String name, String value, boolean isDefault, ConfigDef.Type type, String documentation) {}
