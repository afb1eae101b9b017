/* SPDX-License-Identifier: Apache-2.0 */
/** What a failure tells the person who has to mend it. Values and pure functions; any thread. */
@NullMarked
package io.levada.runtime.diagnosis;

import org.jspecify.annotations.NullMarked;
