/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

/**
 * What workers of a group sign their calls to each other with (KIP-507).
 *
 * @param secret the key itself
 * @param algorithm that it was made for
 * @param createdMs when, since the epoch
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record SessionKey(byte[] secret, String algorithm, long createdMs) {
    public SessionKey {
        secret = secret.clone();
    }

    @Override
    public byte[] secret() {
        return secret.clone();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SessionKey[algorithm=" + algorithm + ", createdMs=" + createdMs + "]";
    }
}
