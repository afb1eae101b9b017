/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/** What {@code GET /connectors/{name}/tasks/{id}/status} shows: the task's number and its state. */
public record TaskStatus(int id, ReportedState reported) {}
