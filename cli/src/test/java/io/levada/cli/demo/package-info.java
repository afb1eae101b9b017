/* SPDX-License-Identifier: Apache-2.0 */
/** The demo's command line; the demo itself runs in module integration-tests. */
@NullMarked
package io.levada.cli.demo;

import org.jspecify.annotations.NullMarked;
