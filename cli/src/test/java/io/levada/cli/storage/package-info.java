/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.levada.cli.storage;

import org.jspecify.annotations.NullMarked;
