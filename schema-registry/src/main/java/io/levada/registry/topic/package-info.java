/* SPDX-License-Identifier: Apache-2.0 */
/** The records of the registry's topic, in Confluent's format, and the topic itself. Used by {@code levada-schema-registry} only. */
@NullMarked
package io.levada.registry.topic;

import org.jspecify.annotations.NullMarked;
