/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import org.apache.kafka.connect.data.Struct;

/**
 * A row with its place in what its mode follows.
 *
 * @param at its number and moment, as far as the mode follows them; {@link JdbcOffset#NONE} in mode bulk
 * @param bytes about as many as its values take
 */
record Row(Struct value, JdbcOffset at, long bytes) {}
