/* SPDX-License-Identifier: Apache-2.0 */
/** H2 as a server, from version 2 on. */
@NullMarked
package io.levada.connect.jdbc.dialect.h2;

import org.jspecify.annotations.NullMarked;
