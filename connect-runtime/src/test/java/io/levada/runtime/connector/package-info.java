/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.levada.runtime.connector;

import org.jspecify.annotations.NullMarked;
