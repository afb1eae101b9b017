/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.levada.runtime.standalone;

import org.jspecify.annotations.NullMarked;
