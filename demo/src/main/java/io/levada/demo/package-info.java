/* SPDX-License-Identifier: Apache-2.0 */
/** The demo: a changing table, through the whole of Levada, into files and S3. */
@NullMarked
package io.levada.demo;

import org.jspecify.annotations.NullMarked;
