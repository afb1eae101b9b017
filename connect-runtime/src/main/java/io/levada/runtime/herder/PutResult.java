/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/**
 * What became of a {@code PUT /connectors/{name}/config}.
 *
 * @param created whether there was no such connector before
 */
public record PutResult(boolean created, ConnectorInfo info) {}
