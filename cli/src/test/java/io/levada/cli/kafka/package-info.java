/* SPDX-License-Identifier: Apache-2.0 */
/** Tests of the verbs that speak Kafka's protocol. */
@NullMarked
package io.levada.cli.kafka;

import org.jspecify.annotations.NullMarked;
