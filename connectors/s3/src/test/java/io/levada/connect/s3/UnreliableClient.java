/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A client in front of a real one, whose requests or answers get lost at random. */
final class UnreliableClient {
    private final S3Client real;
    private final Random random;
    private final double lossRate;

    UnreliableClient(S3Client real, long seed, double lossRate) {
        this.real = real;
        this.random = new Random(seed);
        this.lossRate = lossRate;
    }

    S3Client client() {
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, arguments) -> {
                    loseAtRandom("request");
                    try {
                        Object answer = method.invoke(real, arguments);
                        loseAtRandom("answer");
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    private void loseAtRandom(String what) {
        if (random.nextDouble() < lossRate) {
            throw S3Exception.builder().statusCode(503).message(what + " lost").build();
        }
    }
}
