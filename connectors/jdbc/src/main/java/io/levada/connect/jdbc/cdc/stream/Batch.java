/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Records that are handed over together: never half of a change.
 *
 * @param done where reading stands behind them
 * @param endsTransaction the database's transaction ends with them, or they belong to none
 */
public record Batch(List<SourceRecord> records, CdcOffset done, boolean endsTransaction, long bytes) {}
