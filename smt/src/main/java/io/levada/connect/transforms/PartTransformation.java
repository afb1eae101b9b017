/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.PluginVersion;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * What every transform with a {@code $Key} and a {@code $Value} class has in common: the part it works on.
 *
 * @param <R> source or sink records
 */
abstract class PartTransformation<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    final RecordPart part;

    PartTransformation(RecordPart part) {
        this.part = part;
    }

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public void close() {}
}
