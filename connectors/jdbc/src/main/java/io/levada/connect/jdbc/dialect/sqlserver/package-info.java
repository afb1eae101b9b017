/* SPDX-License-Identifier: Apache-2.0 */
/** Microsoft SQL Server from 2016 on. */
@NullMarked
package io.levada.connect.jdbc.dialect.sqlserver;

import org.jspecify.annotations.NullMarked;
