/* SPDX-License-Identifier: Apache-2.0 */
/** Bad input and bad luck: each gives one clear error that says what to do, and nothing else suffers for it. */
@NullMarked
package io.levada.it.failures;

import org.jspecify.annotations.NullMarked;
