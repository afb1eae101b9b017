/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.topics.InMemoryLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** By which workers of a group know each other's requests. */
final class SessionKeysTest {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final byte[] BODY = "[]".getBytes(UTF_8);

    private final ConfigStore configs = new ConfigStore(new ConfigListener() {
        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onRestart(RestartRequest request) {}
    });
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SessionKeys keys = new SessionKeys(configs, settings("HmacSHA256", List.of("HmacSHA256")), () -> now);

    SessionKeysTest() {
        configs.writeTo(new InMemoryLog(configs));
    }

    private static SessionKeys.Settings settings(String signs, List<String> accepts) {
        return new SessionKeys.Settings(LIFE, "HmacSHA256", null, signs, accepts);
    }

    private static InternalRequest request(byte[] body, Map<String, String> headers) {
        return new InternalRequest(
                body, headers.get(InternalRequest.SIGNATURE), headers.get(InternalRequest.ALGORITHM));
    }

    @Test
    void whatAMemberSignsEachMemberTakesAndNobodyElseCanSign() {
        var unused = keys.renew();
        Map<String, String> headers = keys.sign(BODY);

        assertThatCode(() -> keys.check(request(BODY, headers))).doesNotThrowAnyException();
        assertThatThrownBy(() -> keys.check(request("[{}]".getBytes(UTF_8), headers)))
                .isInstanceOf(WrongSignatureException.class);
        assertThatThrownBy(() -> keys.check(request(BODY, Map.of())))
                .isInstanceOf(UnacceptableSignatureException.class);
        assertThatThrownBy(() -> keys.check(new InternalRequest(BODY, "no base 64!", "HmacSHA256")))
                .isInstanceOf(UnacceptableSignatureException.class);
        assertThatThrownBy(
                        () -> keys.check(new InternalRequest(BODY, headers.get(InternalRequest.SIGNATURE), "HmacMD5")))
                .isInstanceOf(UnacceptableSignatureException.class);
    }

    @Test
    void aKeyIsReplacedWhenItsLifeIsOver() {
        assertThat(keys.renew()).hasValueSatisfying(soon -> assertThat(soon).isLessThan(LIFE));
        Map<String, String> headers = keys.sign(BODY);
        assertThat(keys.renew()).contains(LIFE);

        now = now.plus(LIFE);
        var unused = keys.renew();

        assertThatThrownBy(() -> keys.check(request(BODY, headers))).isInstanceOf(WrongSignatureException.class);
        assertThat(keys.renew()).contains(LIFE);
    }

    @Test
    void withoutAKeyNothingIsSignedNorTaken() {
        assertThat(keys.sign(BODY)).isEmpty();
        assertThatThrownBy(() -> keys.check(new InternalRequest(BODY, "c2lnbmVk", "HmacSHA256")))
                .isInstanceOf(KeyUnknownException.class);
    }

    @Test
    void aGroupOfAnOlderProtocolSignsNothing() {
        keys.require(false);

        assertThat(keys.renew()).isEmpty();
        assertThatCode(() -> keys.check(request(BODY, Map.of()))).doesNotThrowAnyException();
    }

    @Test
    void algorithmsThatThisWorkerDoesNotHaveAreRefusedAtTheStart() {
        assertThatCode(() -> settings("HmacSHA256", List.of("HmacSHA256")).check())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> settings("HmacSHA256", List.of("HmacMD5")).check())
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> settings("Nonsense", List.of("Nonsense")).check())
                .isInstanceOf(ConfigException.class);
    }
}
