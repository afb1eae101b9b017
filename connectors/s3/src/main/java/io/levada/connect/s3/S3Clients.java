/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the client of the AWS SDK that the options describe. */
final class S3Clients {
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(20);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private S3Clients() {}

    static S3Client create(StoreOptions options) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(options.region()))
                .credentialsProvider(credentials(options))
                .forcePathStyle(options.pathStyle())
                .requestChecksumCalculation(
                        options.checksumAlways()
                                ? RequestChecksumCalculation.WHEN_SUPPORTED
                                : RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(override -> override.retryStrategy(retries(options)));
        Apache5HttpClient.Builder http =
                Apache5HttpClient.builder().connectionTimeout(CONNECT_TIMEOUT).socketTimeout(READ_TIMEOUT);
        if (options.storeUrl() != null) {
            builder.endpointOverride(URI.create(options.storeUrl()));
            http.dnsResolver(new StoreAddresses());
        }
        return builder.httpClientBuilder(http).build();
    }

    private static AwsCredentialsProvider credentials(StoreOptions options) {
        if (options.accessKey() == null || options.secretKey() == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                options.accessKey().value(), options.secretKey().value()));
    }

    private static RetryStrategy retries(StoreOptions options) {
        BackoffStrategy backoff = options.requestBackoff().isZero()
                ? BackoffStrategy.retryImmediately()
                : BackoffStrategy.exponentialDelay(options.requestBackoff(), BACKOFF_MAX);
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(options.retries() + 1)
                .backoffStrategy(backoff)
                .throttlingBackoffStrategy(backoff)
                .build();
    }
}
