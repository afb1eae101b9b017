/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A topic's storage settings, with Kafka's names, defaults and ranges: {@link io.levada.broker.log.config.LogConfig} is what the log reads,
 * the keys behind it are what users write.
 */
@NullMarked
package io.levada.broker.log.config;

import org.jspecify.annotations.NullMarked;
