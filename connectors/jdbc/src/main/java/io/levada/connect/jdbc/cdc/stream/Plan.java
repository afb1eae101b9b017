/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.server.Slot;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.util.List;
import java.util.Optional;

/**
 * What a capture is to do, after all that could keep it from going on was looked at.
 *
 * @param slot as it was found; empty if it is to be made, or changes are not followed
 * @param unread tables whose rows are to be read, in that order
 * @param from where changes are read on from; without meaning if {@code fresh}
 * @param fresh nothing that was stored holds: changes are read on from where the slot stands
 * @param unpublished operations that the publication does not have, as {@code skipped.operations} names them
 */
record Plan(
        Optional<Slot.State> slot,
        Tables tables,
        List<TableName> unread,
        CdcOffset from,
        boolean fresh,
        List<String> unpublished) {}
