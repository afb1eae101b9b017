/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.io.IOException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Tells failures of the world, which are tried again, from those that somebody has to mend. */
record StoreFailure(StoreOptions options) {
    /** The failure of an attempt to do what {@code attempted} says. */
    ConnectException of(String attempted, SdkException cause) {
        String message = "Cannot " + attempted + " in bucket " + options.bucket() + where() + ": " + reason(cause);
        return passes(cause) ? new RetriableException(message, cause) : new ConnectException(message, cause);
    }

    ConnectException atStart(SdkException cause) {
        return new ConnectException("Cannot reach bucket " + options.bucket() + where() + ": " + reason(cause), cause);
    }

    private String where() {
        return options.storeUrl() == null ? " in region " + options.region() : " at " + options.storeUrl();
    }

    private static boolean passes(SdkException cause) {
        if (cause instanceof S3Exception answer) {
            int status = answer.statusCode();
            return status >= 500 || status == 429 || status == 408 || answer.isThrottlingException();
        }
        return throughIo(cause);
    }

    /** The SDK wraps what the network did; what it finds itself, such as missing credentials, does not pass. */
    private static boolean throughIo(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private static String reason(SdkException cause) {
        if (!(cause instanceof S3Exception answer)) {
            return cause.getMessage()
                    + (throughIo(cause) ? "; is store.url or s3.region right, and the store up?" : "");
        }
        String said = answer.statusCode() + " " + answer.getMessage();
        return switch (answer.statusCode()) {
            case 301 -> said + "; the bucket is in another region, set s3.region";
            case 403 -> said + "; check aws.access.key.id, aws.secret.access.key and the rights on the bucket";
            case 404 -> said + "; does the bucket exist? create it, or correct s3.bucket.name";
            default -> said;
        };
    }
}
