/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.json.DecimalText;
import io.levada.connect.api.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.sink.SinkRecord;

/** Values as lines of JSON in UTF-8. */
final class JsonLines {
    private final JsonText text;

    JsonLines(FormatOptions options) {
        this.text = new JsonText(options.decimals() == null ? DecimalText.NUMERIC : options.decimals());
    }

    /** The line without its end. */
    byte[] line(SinkRecord record) {
        return text.of(record.valueSchema(), record.value()).getBytes(StandardCharsets.UTF_8);
    }
}
