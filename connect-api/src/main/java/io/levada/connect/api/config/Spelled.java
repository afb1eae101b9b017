/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

/**
 * An enum constant whose spelling in a configuration is not its name in lower case, such as {@code timestamp+incrementing}.
 * Constants are recognised in any case.
 */
public interface Spelled {

    /** The value as users write it. */
    String spelling();
}
