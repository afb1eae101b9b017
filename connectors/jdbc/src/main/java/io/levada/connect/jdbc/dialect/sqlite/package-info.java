/* SPDX-License-Identifier: Apache-2.0 */
/** SQLite, a database in a file. */
@NullMarked
package io.levada.connect.jdbc.dialect.sqlite;

import org.jspecify.annotations.NullMarked;
