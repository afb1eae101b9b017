/* SPDX-License-Identifier: Apache-2.0 */
/** MySQL from version 8 on, and MariaDB from 10.6 on, with the driver of either. */
@NullMarked
package io.levada.connect.jdbc.dialect.mysql;

import org.jspecify.annotations.NullMarked;
