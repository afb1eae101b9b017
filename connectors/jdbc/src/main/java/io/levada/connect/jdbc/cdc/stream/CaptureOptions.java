/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.EventOptions;
import io.levada.connect.jdbc.cdc.event.Topics;
import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import io.levada.connect.jdbc.cdc.server.ServerOptions;
import io.levada.connect.jdbc.cdc.server.SlotOptions;
import io.levada.connect.jdbc.cdc.signal.SignalChannel;
import io.levada.connect.jdbc.cdc.signal.SignalOptions;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotOptions;
import io.levada.connect.jdbc.cdc.table.ColumnRules;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.SelectionOptions;
import io.levada.connect.jdbc.cdc.types.TypeOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.connect.header.ConnectHeaders;

/**
 * All that a capture is made of.
 *
 * @param name the connector's, for names of threads and of the connection
 * @param version of the connector, told in each event
 * @param channels by which signals come besides their table
 * @param context headers of each change; empty for none
 * @param boundaries each transaction of Kafka's is to end where one of the database does
 * @param heartbeat how often a record carries the offset on while nothing else does; zero for never
 * @param requestMax bytes of a record that the connector's producer takes, as far as its configuration tells
 * @param meters count what is done
 * @param clock when records are made
 */
public record CaptureOptions(
        String name,
        String version,
        ServerOptions server,
        SlotOptions slot,
        Topics topics,
        SelectionOptions selection,
        ColumnRules rules,
        RowRules rows,
        TypeOptions types,
        EventOptions events,
        SnapshotOptions snapshot,
        FlowOptions flow,
        SignalOptions signals,
        SignalChannel.Opener channels,
        ConnectHeaders context,
        boolean boundaries,
        Duration heartbeat,
        int requestMax,
        CaptureMeters meters,
        InstantSource clock) {

    /** Nothing beyond what is stored is confirmed to the server: heartbeats carry the offset on. */
    boolean isStrict() {
        return !heartbeat.isZero();
    }

    /** The same, but each transaction is taken at its commit. */
    public CaptureOptions withoutInProgress() {
        return with(events, flow.withoutInProgress());
    }

    /** The same, but these operations become no events either. */
    CaptureOptions alsoSkipping(List<String> operations) {
        return with(events.alsoSkipping(operations), flow);
    }

    private CaptureOptions with(EventOptions otherEvents, FlowOptions otherFlow) {
        return new CaptureOptions(
                name,
                version,
                server,
                slot,
                topics,
                selection,
                rules,
                rows,
                types,
                otherEvents,
                snapshot,
                otherFlow,
                signals,
                channels,
                context,
                boundaries,
                heartbeat,
                requestMax,
                meters,
                clock);
    }
}
