/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Reads each object of the bucket once, as soon as it is complete. */
final class S3Rows {

    private final DemoS3 s3;
    private final Set<String> read = new HashSet<>();
    private final ArrivedRows rows = new ArrivedRows();

    S3Rows(DemoS3 s3) {
        this.s3 = s3;
    }

    /** What has arrived by now. */
    ArrivedRows read() throws IOException {
        for (String key : s3.keys()) {
            if (read.add(key)) {
                readObject(key);
            }
        }
        return rows;
    }

    int objects() {
        return read.size();
    }

    private void readObject(String key) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(s3.open(key), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(line);
            }
        }
    }
}
