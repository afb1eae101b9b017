/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small languages of the slot's options. */
final class ReplicaIdentitiesTest {

    @Test
    void takesTheFirstRuleOfATable() {
        ReplicaIdentities identities = ReplicaIdentities.of(
                "public.orders:full, public.(lines|parts):INDEX odd\"name ,public.*:Default,other.t:NOTHING");
        assertThat(identities.sql(new TableName("public", "orders"))).isEqualTo("FULL");
        assertThat(identities.sql(new TableName("public", "lines"))).isEqualTo("USING INDEX \"odd\"\"name\"");
        assertThat(identities.sql(new TableName("public", "else"))).isEqualTo("DEFAULT");
        assertThat(identities.sql(new TableName("OTHER", "T"))).isEqualTo("NOTHING");
        assertThat(identities.sql(new TableName("third", "t"))).isNull();
        assertThat(identities.isEmpty()).isFalse();
        assertThat(ReplicaIdentities.of(" , ").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "t:", "t:SOME", "t:INDEX", ":FULL", "a:FULL,b"})
    void namesTheEntryThatIsNone(String list) {
        assertThatThrownBy(() -> ReplicaIdentities.of(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not table:DEFAULT");
    }

    @Test
    void takesParametersOfThePluginThatAreTheUsers() {
        assertThat(StreamParams.of(" origin = none ; ")).isEqualTo(Map.of("origin", "none"));
        assertThat(StreamParams.of("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proto_version=4", "origin", "=none", "binary=true", "origin=none;messages=false"})
    void refusesParametersThatTheConnectorSets(String params) {
        assertThatThrownBy(() -> StreamParams.of(params))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not origin=none or origin=any");
    }
}
