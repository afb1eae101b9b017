/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What everybody in the worker means by a connector and its tasks: their names, kinds, configs and wished states.
 *
 * <p>Values only, immutable, owned by no thread.
 */
@NullMarked
package io.levada.runtime.connector;

import org.jspecify.annotations.NullMarked;
