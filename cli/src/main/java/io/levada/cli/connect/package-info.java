/* SPDX-License-Identifier: Apache-2.0 */
/** Verbs that call a worker's REST API: any Kafka Connect worker's, not only Levada's. Main thread; loads no Kafka class. */
@NullMarked
package io.levada.cli.connect;

import org.jspecify.annotations.NullMarked;
