/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A struct whose maker puts every required field, each with a value of its type, so that putting the whole into another struct
 * need not check them all once more: that would cost as much as all else that is done for a row.
 */
public final class CheckedStruct extends Struct {

    public CheckedStruct(Schema schema) {
        super(schema);
    }

    /** By the maker. */
    @Override
    public void validate() {}
}
