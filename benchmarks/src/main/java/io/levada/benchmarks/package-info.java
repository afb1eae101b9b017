/* SPDX-License-Identifier: Apache-2.0 */
/** Benchmarks against Apache Kafka and Kafka Connect, in the same run. */
@NullMarked
package io.levada.benchmarks;

import org.jspecify.annotations.NullMarked;
