/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

/**
 * Who leads a group.
 *
 * @param here whether this worker does
 * @param url of its REST API, with a slash at the end
 */
public record Leader(boolean here, String url) {}
