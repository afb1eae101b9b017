/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.extension;

import java.util.List;
import java.util.Map;

/**
 * What a request is answered, as it goes over the wire.
 *
 * @param headers by name, the type of the body among them
 * @param body empty if there is none; for HEAD too, where {@code Content-Length} says how long it would be
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, neither compared nor kept.
public record HttpReply(int status, Map<String, List<String>> headers, byte[] body) {}
