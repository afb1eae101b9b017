/* SPDX-License-Identifier: Apache-2.0 */
/** S3 sink connector. */
@NullMarked
package io.levada.connect.s3;

import org.jspecify.annotations.NullMarked;
