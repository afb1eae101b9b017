/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

/**
 * Something that is asked.
 *
 * @param id names it in the log
 * @param type what is to be done
 * @param data JSON; empty for none
 */
public record Signal(String id, String type, String data) {}
