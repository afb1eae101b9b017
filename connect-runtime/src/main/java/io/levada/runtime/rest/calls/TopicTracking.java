/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

/** Whether the topics that connectors use are shown, and may be forgotten (KIP-558). */
public record TopicTracking(boolean enabled, boolean resetAllowed) {}
