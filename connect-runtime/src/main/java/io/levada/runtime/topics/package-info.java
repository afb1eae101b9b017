/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The group's three internal topics as logs: created if missing, read from their beginning by one thread,
 * {@code levada-topics}, and written through one producer. What the records mean is the business of the stores.
 */
@NullMarked
package io.levada.runtime.topics;

import org.jspecify.annotations.NullMarked;
