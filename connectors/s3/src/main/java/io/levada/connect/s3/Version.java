/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

/** The version that the plugins of this module report: the one in the manifest of their jar. */
final class Version {
    static final String CURRENT = current();

    private Version() {}

    private static String current() {
        String inManifest = Version.class.getPackage().getImplementationVersion();
        return inManifest == null ? "unpackaged" : inManifest;
    }
}
