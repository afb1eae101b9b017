/* SPDX-License-Identifier: Apache-2.0 */
/** What somebody may have meant who wrote a name that does not exist: keys, topics, classes. Plain functions, for any thread. */
@NullMarked
package io.levada.runtime.spelling;

import org.jspecify.annotations.NullMarked;
