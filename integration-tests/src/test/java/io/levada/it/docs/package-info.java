/* SPDX-License-Identifier: Apache-2.0 */
/** Documentation that is generated from the code is the code's. */
@NullMarked
package io.levada.it.docs;

import org.jspecify.annotations.NullMarked;
