/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

import org.jspecify.annotations.Nullable;

/**
 * A request that one worker sends another on its own account.
 *
 * @param body what is signed
 * @param signature in base 64; null if there is none
 * @param algorithm of it; null if it is not named
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record InternalRequest(
        byte[] body, @Nullable String signature, @Nullable String algorithm) {
    public static final String SIGNATURE = "X-Connect-Authorization";
    public static final String ALGORITHM = "X-Connect-Request-Signature-Algorithm";
}
