/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/**
 * A JDBC driver.
 *
 * @param className of the {@link java.sql.Driver}
 * @param artifact where users find it, as {@code group:artifact} in Maven Central
 */
public record DriverName(String className, String artifact) {}
