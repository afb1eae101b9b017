/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads in parts that a killed task left behind. Since names follow from the records, whoever has the partition next begins
 * the same object again, and removes what was left of that name; uploads of other names may be a living connector's. Where it
 * may not look for them, a lifecycle rule of the bucket has to remove them.
 */
final class Leftovers {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leftovers.class);

    private final ObjectStore store;
    private boolean told;

    Leftovers(ObjectStore store) {
        this.store = store;
    }

    void remove(String name) {
        try {
            for (MultipartUpload upload : store.unfinished(name)) {
                if (upload.key().equals(name)) {
                    store.abort(name, upload.uploadId());
                    LOGGER.atInfo().addKeyValue("object", name).log("unfinished upload removed");
                }
            }
        } catch (ConnectException e) {
            LOGGER.atLevel(told ? Level.DEBUG : Level.WARN)
                    .addKeyValue("object", name)
                    .addKeyValue("error", e.getMessage())
                    .log("unfinished uploads were not looked for; let a lifecycle rule of the bucket remove them");
            told = true;
        }
    }
}
