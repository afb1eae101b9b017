/* SPDX-License-Identifier: Apache-2.0 */
/** Apache Kafka and Apache Kafka Connect as processes, for the verbs to call. */
@NullMarked
package io.levada.cli.peers;

import org.jspecify.annotations.NullMarked;
