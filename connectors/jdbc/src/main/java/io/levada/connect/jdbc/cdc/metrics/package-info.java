/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a capture measures of itself, and how it is shown: through the worker's metrics of plugins (KIP-877) and as the MBeans of
 * Debezium's connector, which dashboards read. Each number is written by one thread, without locks, and read by any.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.metrics;

import org.jspecify.annotations.NullMarked;
