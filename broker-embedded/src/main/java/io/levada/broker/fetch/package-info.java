/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reading: Fetch with its sessions and long polls, and the questions about offsets. The log is read on the fetch executor; records travel as slices of files and
 * never enter memory here.
 */
@NullMarked
package io.levada.broker.fetch;

import org.jspecify.annotations.NullMarked;
