/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the columns of PostgreSQL are in Connect: schemas and values are those of Debezium's connector. A value comes as
 * the text that PostgreSQL's output functions give (with {@code datestyle=ISO}, {@code intervalstyle=postgres}, {@code
 * timezone=UTC}, {@code extra_float_digits=1}, {@code bytea_output=hex}, {@code lc_monetary=C}), from COPY and from the
 * replication stream alike. Mappings have no state; the {@code TypeCatalog} and who asks it belong to one thread.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.types;

import org.jspecify.annotations.NullMarked;
