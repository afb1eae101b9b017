/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a store before anybody reads it. */
final class TlsStoreTest {
    @TempDir
    Path dir;

    @Test
    void onlyTheKeyOfAKeyStoreHasToBeOfAFormThatIsRead() throws IOException {
        Path pem = Files.writeString(dir.resolve("all.pem"), "-----BEGIN RSA PRIVATE KEY-----\n");

        assertThatThrownBy(() -> check(pem, "keystore"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("PKCS#8");
        assertThatCode(() -> check(pem, "truststore")).doesNotThrowAnyException();
    }

    private static void check(Path file, String kind) {
        ConfigDef keys = new ConfigDef();
        SslConfigs.addClientSslSupport(keys);
        AbstractConfig parsed = new AbstractConfig(
                keys, Map.of("ssl." + kind + ".location", file.toString(), "ssl." + kind + ".type", "PEM"), false);
        TlsStore.check(parsed, "listeners.https.", kind);
    }
}
