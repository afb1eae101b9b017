/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreAddressesTest {
    private final StoreAddresses addresses = new StoreAddresses();

    /** Java's own resolver reads each of these; the last two as numbers, in which Amazon's address hides. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fd00:ec2::254",
                "fd00:ec2::254%1",
                "fd20:ce::254",
                "100.100.100.200",
                "64:ff9b::a9fe:a9fe",
                "2852039166",
                "169.254.43518"
            })
    void addressOfAMetadataServiceIsRefusedHoweverItIsSpelled(String host) {
        assertThatThrownBy(() -> addresses.resolve(host))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("metadata")
                .hasMessageContaining("store.url");
    }

    @Test
    void othersAreTaken() throws Exception {
        assertThat(addresses.resolve("127.0.0.1")).hasSize(1);
        assertThat(addresses.resolve("localhost")).isNotEmpty();
        assertThat(addresses.resolve("10.0.0.7")).hasSize(1);
    }
}
