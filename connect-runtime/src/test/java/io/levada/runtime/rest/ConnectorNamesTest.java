/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.TestPlugins;
import io.levada.runtime.rest.RunningRest.Reply;
import io.levada.runtime.rest.calls.LocationName;
import io.levada.runtime.rest.http.RequestPath;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be created can be read, changed and deleted by its encoded name; what cannot is not created. */
class ConnectorNamesTest {
    /** Escapes, so that half a surrogate pair survives the way. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @TempDir
    static Path plugins;

    private RunningRest rest;

    @BeforeEach
    void start() {
        new PluginJar()
                .withClass("my.Sink", TestPlugins.sink("my", "Sink", "\"1.0\""))
                .writeTo(plugins.resolve("sink.jar"));
        rest = RunningRest.starting(plugins, Map.of()).started();
    }

    @AfterEach
    void stop() {
        rest.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p/q",
                "/",
                "a/../b",
                "../x",
                "...",
                "p%2Fq",
                "p%252Fq",
                "%",
                "100%",
                "?",
                "#",
                "a b",
                "+",
                "a+b",
                ";",
                "a;b=c",
                "a\\b",
                "\\",
                "ünï-☃-😀",
                "\"quoted\"",
                "<script>",
                "a=b,c:d*",
                "status",
                "config",
                "a&b",
                "\u2028",
            })
    void whatIsCreatedCanBeReadChangedAndDeleted(String name) throws Exception {
        Reply created = rest.send("POST", "/connectors", body(name));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String path = URI.create(created.header("Location")).getRawPath();
        assertThat(path).as("one segment below /connectors").matches("/connectors/[^/]+");

        for (String below : List.of("", "/config", "/status", "/tasks", "/offsets", "/topics", "/tasks/0/status")) {
            Reply read = rest.call("GET", path + below);
            assertThat(read.status()).as(below + read.body()).isEqualTo(200);
        }
        assertThat(rest.call("GET", path).json().path("name").asText()).isEqualTo(name);
        assertThat(rest.call("GET", path + "/topics").json().has(name)).isTrue();
        for (String put : List.of("/pause", "/resume", "/stop", "/topics/reset")) {
            assertThat(rest.call("PUT", path + put).status()).as(put).isBetween(200, 204);
        }
        assertThat(rest.call("POST", path + "/restart").status()).isEqualTo(204);
        assertThat(rest.call("POST", path + "/tasks/0/restart").status()).isEqualTo(204);
        assertThat(rest.send("PUT", path + "/config", "{\"connector.class\":\"my.Sink\",\"topics\":\"u\"}")
                        .status())
                .isEqualTo(200);
        assertThat(rest.send("PATCH", path + "/config", "{\"topics\":\"v\"}").status())
                .isEqualTo(200);
        assertThat(rest.call("DELETE", path + "/offsets").status()).isEqualTo(200);
        assertThat(rest.call("DELETE", path).status()).isEqualTo(204);
        assertThat(rest.call("GET", path).message()).isEqualTo("Connector " + name + " not found");
    }

    @Test
    void aPathMakesTheConnectorThatItNames() {
        String config = "{\"connector.class\":\"my.Sink\",\"topics\":\"t\"}";
        assertThat(rest.send("PUT", "/connectors/a%2Fb/config", config).status())
                .isEqualTo(201);
        assertThat(rest.call("GET", "/connectors").body()).isEqualTo("[\"a/b\"]");
        assertThat(rest.call("GET", "/connectors/a%252Fb").message()).isEqualTo("Connector a%2Fb not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a\nb", "\u0000", "a\u001b[2Jb", "\u0085", "\ud800"})
    void aNameThatNobodyCouldAddressIsRefused(String name) throws Exception {
        Reply refused = rest.send("POST", "/connectors", body(name));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("configuration name");
        assertThat(rest.call("GET", "/connectors").body()).isEqualTo("[]");
    }

    @Test
    void aNameIsAsLongAsARequestLineCanHold() throws Exception {
        String longest = "/".repeat(4096);
        Reply created = rest.send("POST", "/connectors", body(longest));
        assertThat(created.status()).isEqualTo(201);
        assertThat(rest.call("GET", URI.create(created.header("Location")).getRawPath() + "/tasks/0/status")
                        .status())
                .isEqualTo(200);
        assertThat(rest.send("POST", "/connectors", body(longest + "/")).message())
                .contains("4097 bytes", "at most 4096");
    }

    /** State may be taken over from a worker that allowed such names. */
    @Test
    void dotsAreAddressedByClientsThatLeaveTheirPathsAlone() {
        assertThat(rest.call("GET", "/connectors/%2E%2E").message()).isEqualTo("Connector .. not found");
        assertThat(rest.call("DELETE", "/connectors/%2e").message()).isEqualTo("Connector . not found");
        assertThat(rest.call("GET", "/connectors/../connectors").status()).isEqualTo(400);
    }

    @Property(tries = 2000)
    void aNameInALocationIsReadAsItself(@ForAll @NotEmpty String any) {
        String name = any.replaceAll("[\\ud800-\\udfff]", "x");
        assertThat(RequestPath.segments("/connectors/" + LocationName.encode(name)))
                .containsExactly("connectors", name);
    }

    private static String body(String name) throws Exception {
        return "{\"name\":" + JSON.writeValueAsString(name)
                + ",\"config\":{\"connector.class\":\"my.Sink\",\"topics\":\"t\"}}";
    }
}
