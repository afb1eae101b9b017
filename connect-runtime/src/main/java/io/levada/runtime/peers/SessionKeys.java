/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.SessionKey;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that sign internal requests (KIP-507): the leader makes one and gives it to the group by the config topic. Any thread. */
public final class SessionKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionKeys.class);

    /** Whether a key that was put has come to be. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final ConfigStore configs;
    private final Settings settings;
    private final InstantSource clock;
    /** Groups whose protocol is older sign nothing. */
    private volatile boolean required = true;

    /**
     * What the worker's {@code inter.worker.*} keys say.
     *
     * @param life of a key, zero for one that is never replaced
     * @param keySize in bits; null for that of the algorithm
     */
    public record Settings(
            Duration life,
            String keyAlgorithm,
            @Nullable Integer keySize,
            String signatureAlgorithm,
            List<String> accepted) {
        public Settings {
            accepted = List.copyOf(accepted);
        }

        /** Throws {@link ConfigException} for algorithms that this JVM does not have. */
        public void check() {
            try {
                KeyGenerator unused = generator(keyAlgorithm, keySize);
            } catch (NoSuchAlgorithmException | InvalidParameterException e) {
                throw new ConfigException("inter.worker.key.generation.algorithm", keyAlgorithm, e.getMessage());
            }
            for (String algorithm : accepted) {
                try {
                    Mac unused = Mac.getInstance(algorithm);
                } catch (NoSuchAlgorithmException e) {
                    throw new ConfigException("inter.worker.verification.algorithms", algorithm, e.getMessage());
                }
            }
            if (!accepted.contains(signatureAlgorithm)) {
                throw new ConfigException(
                        "inter.worker.signature.algorithm",
                        signatureAlgorithm,
                        "Must be one of inter.worker.verification.algorithms=" + String.join(",", accepted));
            }
        }
    }

    public SessionKeys(ConfigStore configs, Settings settings, InstantSource clock) {
        this.configs = configs;
        this.settings = settings;
        this.clock = clock;
    }

    /** Says whether the group's protocol has internal requests signed. */
    public void require(boolean signed) {
        required = signed;
    }

    /**
     * Makes the group's first key, or one in place of that whose life is over; the leader's business.
     *
     * @return after how long to look again; empty if a key lives for ever
     */
    public Optional<Duration> renew() {
        if (!required) {
            return Optional.empty();
        }
        Optional<SessionKey> known = configs.sessionKey();
        if (known.isPresent() && settings.life.isZero()) {
            return Optional.empty();
        }
        if (known.isPresent()) {
            Duration left = Duration.ofMillis(known.get().createdMs())
                    .plus(settings.life)
                    .minusMillis(clock.millis());
            if (!left.isNegative() && !left.isZero()) {
                return Optional.of(left);
            }
        }
        put();
        return Optional.of(LOOK_AGAIN);
    }

    private void put() {
        CompletionStage<Void> unused = made().thenCompose(configs::putSessionKey)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOGGER.atWarn()
                                .addKeyValue("error", failure.toString())
                                .log("the group gets no new key to sign internal requests with");
                    }
                });
    }

    private CompletionStage<SessionKey> made() {
        try {
            byte[] secret = generator(settings.keyAlgorithm, settings.keySize)
                    .generateKey()
                    .getEncoded();
            return CompletableFuture.completedFuture(new SessionKey(secret, settings.keyAlgorithm, clock.millis()));
        } catch (NoSuchAlgorithmException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static KeyGenerator generator(String algorithm, @Nullable Integer size) throws NoSuchAlgorithmException {
        KeyGenerator generator = KeyGenerator.getInstance(algorithm);
        if (size != null) {
            generator.init(size);
        }
        return generator;
    }

    /** The headers by which a request is signed; none if there is no key yet, or none is needed. */
    public Map<String, String> sign(byte[] body) {
        Optional<SessionKey> key = configs.sessionKey();
        if (!required || key.isEmpty()) {
            return Map.of();
        }
        byte[] signature = signature(settings.signatureAlgorithm, key.get(), body);
        return Map.of(
                InternalRequest.SIGNATURE,
                Base64.getEncoder().encodeToString(signature),
                InternalRequest.ALGORITHM,
                settings.signatureAlgorithm);
    }

    /**
     * Returns if a worker of this group has signed the request, or none need have.
     *
     * @throws UnacceptableSignatureException if there is no signature, or one of a kind that is not taken
     * @throws WrongSignatureException if it is not right
     * @throws KeyUnknownException if nobody can say
     */
    public void check(InternalRequest request) {
        if (!required) {
            return;
        }
        if (request.signature() == null || request.algorithm() == null) {
            throw new UnacceptableSignatureException("Internal request missing required signature");
        }
        if (!settings.accepted.contains(request.algorithm())) {
            throw new UnacceptableSignatureException("This worker does not support the '" + request.algorithm()
                    + "' key signing algorithm used by other workers. This worker is currently configured to use: "
                    + settings.accepted
                    + ". Check that all workers' configuration files permit the same set of signature algorithms,"
                    + " and correct any misconfigured worker and restart it.");
        }
        SessionKey key = configs.sessionKey().orElseThrow(KeyUnknownException::new);
        byte[] right = signature(request.algorithm(), key, request.body());
        if (!MessageDigest.isEqual(right, decoded(request.signature()))) {
            throw new WrongSignatureException("Internal request contained invalid signature.");
        }
    }

    private static byte[] decoded(String signature) {
        try {
            return Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            throw new UnacceptableSignatureException("The signature of the internal request is not in base 64");
        }
    }

    private static byte[] signature(String algorithm, SessionKey key, byte[] body) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.secret(), key.algorithm()));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new ConnectException("Cannot sign or check an internal request by " + algorithm, e);
        }
    }
}
