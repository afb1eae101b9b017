/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.apicurio.registry.utils.converter.avro.AvroData;
import io.apicurio.registry.utils.converter.avro.AvroDataConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.SchemaAndValue;

/**
 * The way of a value through Avro as AvroConverter goes it, Confluent's and Apicurio's, which came of it: a registry keeps the schema, and has
 * no say in what becomes of the value.
 */
final class AvroBinary {

    private AvroBinary() {}

    static SchemaAndValue through(org.apache.kafka.connect.data.Schema schema, Object value) {
        AvroData data = new AvroData(new AvroDataConfig.Builder().build());
        Object avro = data.fromConnectData(schema, value);
        // As it is in the registry.
        Schema written =
                new Schema.Parser().parse(data.fromConnectSchema(schema).toString());
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
            new GenericDatumWriter<>(written).write(avro, encoder);
            encoder.flush();
            Object read = new GenericDatumReader<>(written)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
            return data.toConnectData(written, read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
