/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.extension;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A request on its way through the extensions.
 *
 * @param method in capitals
 * @param base scheme, host and port that the client used, with a slash at the end
 * @param uri the whole address, still encoded
 * @param headers by name, in whatever case the client wrote it
 * @param body as received, empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, neither compared nor kept.
public record HttpCall(String method, URI base, URI uri, Map<String, List<String>> headers, byte[] body) {}
