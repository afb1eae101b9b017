/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What differs from database to database: quoting, types, upsert, and how to know which transactions are still open. Stateless;
 * called by the threads of connectors and tasks.
 */
@NullMarked
package io.levada.connect.jdbc.dialect;

import org.jspecify.annotations.NullMarked;
