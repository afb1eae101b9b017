/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.LinkedHashMap;
import java.util.Map;

/** Options of Confluent's S3 sink that this one does not have. Setting one is an error, never without effect. */
final class RefusedOptions {
    static final Map<String, String> REASONS = reasons();

    private RefusedOptions() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        refuse(
                reasons,
                "objects hold values only",
                "store.kafka.keys",
                "store.kafka.headers",
                "keys.format.class",
                "headers.format.class",
                "tombstone.encoded.partition");
        refuse(
                reasons,
                "records without a value go to the dead letter queue if there is one",
                "report.null.values.to.dlq");
        refuse(
                reasons,
                "only JSON lines are written",
                "format.bytearray.extension",
                "format.bytearray.separator",
                "avro.codec",
                "parquet.codec",
                "connect.meta.data",
                "enhanced.avro.schema.support",
                "allow.optional.map.keys",
                "schemas.cache.config",
                "s3.schema.partition.affix.type",
                "schema.generator.class");
        refuse(
                reasons,
                "the bucket's own default encryption and ownership apply",
                "s3.ssea.name",
                "s3.sse.customer.key",
                "s3.sse.kms.key.id",
                "s3.acl.canned");
        refuse(
                reasons,
                "credentials come from aws.access.key.id or the AWS SDK's own chain",
                "s3.credentials.provider.class");
        refuse(reasons, "set the JVM's proxy properties", "s3.proxy.url", "s3.proxy.user", "s3.proxy.password");
        refuse(
                reasons,
                "objects are not tagged",
                "s3.object.tagging",
                "s3.object.tagging.key.value.pairs",
                "s3.object.behavior.on.tagging.error");
        refuse(reasons, "use s3.checksum", "s3.send.digest");
        refuse(
                reasons,
                "buffers grow as needed, up to s3.part.size",
                "s3.elastic.buffer.enable",
                "s3.elastic.buffer.init.capacity");
        refuse(reasons, "use store.url with the address to reach", "s3.wan.mode");
        refuse(reasons, "the HTTP client decides", "s3.http.send.expect.continue");
        refuse(reasons, "uploads are bounded by s3.part.retries", "max.write.duration.ms", "shutdown.timeout.ms");
        refuse(
                reasons,
                "objects are finished together, by the rotation options",
                "rotate.file.on.partition.change",
                "enable.conditional.writes",
                "max.files.scan.limit");
        return Map.copyOf(reasons);
    }

    private static void refuse(Map<String, String> reasons, String reason, String... keys) {
        for (String key : keys) {
            reasons.put(key, reason);
        }
    }
}
