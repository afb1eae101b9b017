/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import org.apache.kafka.connect.data.Schema;

/** Names and envelopes of a table's events; the table knows its columns, not what stands around them. */
public interface EnvelopeSchemas {

    /** The topic of the table's events, which its schemas are named after. */
    String topic(TableName table);

    /** The name under which a schema is told, of one made of the topic's. */
    String schemaName(String name);

    /** The name of the field that a column becomes. */
    String fieldName(String column);

    /**
     * The schema of the whole event.
     *
     * @param row the schema of before and after
     */
    Schema envelope(String topic, Schema row);
}
