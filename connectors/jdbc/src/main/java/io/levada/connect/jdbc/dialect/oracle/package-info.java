/* SPDX-License-Identifier: Apache-2.0 */
/** Oracle Database from 12.2 on. */
@NullMarked
package io.levada.connect.jdbc.dialect.oracle;

import org.jspecify.annotations.NullMarked;
