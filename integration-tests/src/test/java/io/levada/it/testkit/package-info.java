/* SPDX-License-Identifier: Apache-2.0 */
/** The distribution as a process, and what it talks to, in the words of the tests. */
@NullMarked
package io.levada.it.testkit;

import org.jspecify.annotations.NullMarked;
