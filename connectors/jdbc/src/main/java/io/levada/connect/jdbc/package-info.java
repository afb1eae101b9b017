/* SPDX-License-Identifier: Apache-2.0 */
/** JDBC source and sink connectors. */
@NullMarked
package io.levada.connect.jdbc;

import org.jspecify.annotations.NullMarked;
