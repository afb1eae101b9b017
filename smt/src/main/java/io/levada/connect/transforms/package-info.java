/* SPDX-License-Identifier: Apache-2.0 */
/** Single Message Transforms and predicates. */
@NullMarked
package io.levada.connect.transforms;

import org.jspecify.annotations.NullMarked;
