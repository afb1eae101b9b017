/* SPDX-License-Identifier: Apache-2.0 */
/** The whole path on real parts: a database, a worker process with its broker, files, S3. */
@NullMarked
package io.levada.it.pipeline;

import org.jspecify.annotations.NullMarked;
