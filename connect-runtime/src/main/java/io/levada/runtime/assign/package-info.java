/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who runs what: a pure function from members, configs and the previous assignment to the next one. Any thread.
 */
@NullMarked
package io.levada.runtime.assign;

import org.jspecify.annotations.NullMarked;
