/* SPDX-License-Identifier: Apache-2.0 */
/** PostgreSQL, from version 14 on. */
@NullMarked
package io.levada.connect.jdbc.dialect.postgres;

import org.jspecify.annotations.NullMarked;
