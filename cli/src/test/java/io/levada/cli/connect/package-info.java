/* SPDX-License-Identifier: Apache-2.0 */
/** The verbs on a worker, run against Apache Kafka Connect itself. */
@NullMarked
package io.levada.cli.connect;

import org.jspecify.annotations.NullMarked;
