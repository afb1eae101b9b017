/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.levada.runtime.herder;

import org.jspecify.annotations.NullMarked;
