/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Where the bucket is and how it is talked to. */
record StoreOptions(
        @Option(
                name = "s3.bucket.name",
                doc = "The bucket to write to; it must exist.",
                validator = ConfigDef.NonEmptyString.class,
                importance = ConfigDef.Importance.HIGH,
                group = "S3")
        String bucket,

        @Option(name = "s3.region", doc = "The region of the bucket.", defaultValue = "us-west-2", group = "S3")
        String region,

        @Option(
                name = STORE_URL,
                doc = "The address of a store that is not Amazon's, such as http://localhost:9000.",
                optional = true,
                group = "S3")
        @Nullable
        String storeUrl,

        @Option(
                name = "s3.path.style.access.enabled",
                doc = "Whether the bucket is named in the path of requests, or as a host name.",
                defaultValue = "true",
                importance = ConfigDef.Importance.LOW,
                group = "S3")
        boolean pathStyle,

        @Option(
                name = ACCESS_KEY,
                doc = "The access key. Left out: the AWS SDK's own chain (environment, profile, container, instance).",
                optional = true,
                group = "S3")
        @Nullable
        Password accessKey,

        @Option(name = SECRET_KEY, doc = "The secret of the access key.", optional = true, group = "S3") @Nullable
        Password secretKey,

        @Option(
                name = "s3.part.size",
                doc =
                        "Bytes that an open object may hold in memory; a larger object is sent in parts of about this size.",
                defaultValue = "26214400",
                min = 5 << 20,
                max = 1 << 30,
                group = "S3")
        int partSizeBytes,

        @Option(
                name = "s3.part.retries",
                doc = "How often a failed request is sent again before the task waits for retry.backoff.ms.",
                defaultValue = "3",
                min = 0,
                max = 100,
                group = "S3")
        int retries,

        @Option(
                name = "s3.retry.backoff.ms",
                doc = "The wait before a failed request is sent again; it doubles each time, with jitter, up to 20 s.",
                defaultValue = "200",
                importance = ConfigDef.Importance.LOW,
                group = "S3")
        Duration requestBackoff,

        @Option(
                name = "retry.backoff.ms",
                doc = "The wait before records are tried again whose requests have failed to the last retry.",
                defaultValue = "5000",
                importance = ConfigDef.Importance.LOW,
                group = "S3")
        Duration taskBackoff,

        @Option(
                name = "s3.checksum",
                doc = "Whether uploads carry a CRC32: when_supported, or when_required for stores that know none."
                        + " Left out: when_required if store.url is set.",
                optional = true,
                importance = ConfigDef.Importance.LOW,
                group = "S3")
        @Nullable
        Checksum checksum) {

    private static final String STORE_URL = "store.url";
    private static final String ACCESS_KEY = "aws.access.key.id";
    private static final String SECRET_KEY = "aws.secret.access.key";

    /** When a checksum is computed, as the AWS SDK names it. */
    enum Checksum {
        WHEN_SUPPORTED,
        WHEN_REQUIRED
    }

    StoreOptions {
        storeUrl = storeUrl == null || storeUrl.isEmpty() ? null : storeUrl;
        accessKey = accessKey == null || accessKey.value().isEmpty() ? null : accessKey;
        secretKey = secretKey == null || secretKey.value().isEmpty() ? null : secretKey;
        if (storeUrl != null) {
            checkUrl(storeUrl);
        }
        if (accessKey != null && secretKey == null) {
            throw new OptionException(SECRET_KEY, null, "must be set with " + ACCESS_KEY + "; or leave out both");
        }
        if (accessKey == null && secretKey != null) {
            throw new OptionException(ACCESS_KEY, null, "must be set with " + SECRET_KEY + "; or leave out both");
        }
    }

    boolean checksumAlways() {
        return checksum == null ? storeUrl == null : checksum == Checksum.WHEN_SUPPORTED;
    }

    /** Refuses what is no address, and link-local ones: those of cloud metadata services, which hand out credentials. */
    private static void checkUrl(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new OptionException(STORE_URL, url, "must be an address such as http://localhost:9000");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new OptionException(STORE_URL, url, "must be an address such as http://localhost:9000");
        }
        if (uri.getUserInfo() != null) {
            throw new OptionException(
                    STORE_URL, "[hidden]", "must not hold credentials; set " + ACCESS_KEY + " and " + SECRET_KEY);
        }
        if (isLiteral(uri.getHost()) && isRefused(uri.getHost())) {
            throw new OptionException(
                    STORE_URL,
                    url,
                    "must not be a link-local address or that of a cloud's metadata service; name the store's own");
        }
    }

    /** A name is looked up when it is connected to, see {@link StoreAddresses}. */
    private static boolean isLiteral(String host) {
        return host.startsWith("[") || host.chars().allMatch(letter -> letter == '.' || Character.isDigit(letter));
    }

    private static boolean isRefused(String literal) {
        try {
            return StoreAddresses.isRefused(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
