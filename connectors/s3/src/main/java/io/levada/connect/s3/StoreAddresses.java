/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Resolves the host of {@code store.url} at every connection, and refuses the addresses at which clouds hand out their
 * machines' credentials: whoever may create a connector must not reach them through it, however the address is spelled and
 * whatever a name resolves to this time.
 */
final class StoreAddresses extends SystemDefaultDnsResolver {
    /** Those that are not link-local: Amazon's and Google's by IPv6, Alibaba's, Oracle's, Azure's. */
    private static final Set<InetAddress> METADATA = Set.of(
            literal("fd00:ec2::254"),
            literal("fd20:ce::254"),
            literal("100.100.100.200"),
            literal("192.0.0.192"),
            literal("168.63.129.16"));

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = super.resolve(host);
        for (InetAddress address : addresses) {
            if (isRefused(address)) {
                throw new UnknownHostException(
                        host + " is " + address.getHostAddress()
                                + ", a link-local address or that of a cloud's metadata service; store.url must name the store's own");
            }
        }
        return addresses;
    }

    /** Whether the address is link-local, or a known metadata service's, also where IPv6 holds one of IPv4. */
    static boolean isRefused(InetAddress address) {
        return address.isLinkLocalAddress()
                || METADATA.contains(address)
                || (address instanceof Inet6Address six && isRefused(within(six)));
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address + " is an address", e);
        }
    }

    /** The address of IPv4 in one that is compatible with it (::a.b.c.d), NAT64's (64:ff9b::), or 6to4's (2002::). */
    private static InetAddress within(Inet6Address six) {
        byte[] bytes = six.getAddress();
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == (byte) 0xFF && bytes[3] == (byte) 0x9B;
        int from = sixToFour ? 2 : 12;
        boolean holds = sixToFour || nat64 || six.isIPv4CompatibleAddress();
        try {
            return holds
                    ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4))
                    : InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
