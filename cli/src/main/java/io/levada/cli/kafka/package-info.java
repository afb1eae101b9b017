/* SPDX-License-Identifier: Apache-2.0 */
/** Verbs that speak to a broker by the stock Kafka clients: any Kafka broker, not only Levada's. Main thread. */
@NullMarked
package io.levada.cli.kafka;

import org.jspecify.annotations.NullMarked;
