/* SPDX-License-Identifier: Apache-2.0 */
/** The verb that hands over to the demo, whose jars are on the class path for this verb alone. */
@NullMarked
package io.levada.cli.demo;

import org.jspecify.annotations.NullMarked;
