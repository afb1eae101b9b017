/* SPDX-License-Identifier: Apache-2.0 */
/** File stream source and sink connectors. */
@NullMarked
package io.levada.connect.file;

import org.jspecify.annotations.NullMarked;
