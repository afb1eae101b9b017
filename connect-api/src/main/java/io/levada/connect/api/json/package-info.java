/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Connect data as JSON text without its schema, for sinks that write lines: the mapping of Apache's {@code JsonConverter}
 * with {@code schemas.enable=false}, without a JSON library. Stateless; any thread.
 */
@NullMarked
package io.levada.connect.api.json;

import org.jspecify.annotations.NullMarked;
