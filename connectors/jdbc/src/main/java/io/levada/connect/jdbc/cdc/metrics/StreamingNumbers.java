/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.util.Map;

/** What is shown of following changes. */
final class StreamingNumbers extends EventNumbers implements StreamingMetricsMXBean {

    StreamingNumbers(CaptureMeters meters, int queueSize, long queueBytes) {
        super(meters, queueSize, queueBytes);
    }

    @Override
    public long getTotalNumberOfEventsSeen() {
        return meters.total('c') + meters.total('u') + meters.total('d') + meters.total('t') + meters.messages();
    }

    @Override
    public boolean isConnected() {
        return meters.isConnected();
    }

    @Override
    public long getMilliSecondsBehindSource() {
        return meters.behindMillis();
    }

    @Override
    public long getNumberOfCommittedTransactions() {
        return meters.transactions();
    }

    @Override
    public String getLastTransactionId() {
        return meters.lastXid() == 0 ? "" : Long.toString(meters.lastXid());
    }

    @Override
    public Map<String, Long> getNumberOfCreateEventsSeen() {
        return meters.byTable('c');
    }

    @Override
    public Map<String, Long> getNumberOfUpdateEventsSeen() {
        return meters.byTable('u');
    }

    @Override
    public Map<String, Long> getNumberOfDeleteEventsSeen() {
        return meters.byTable('d');
    }

    @Override
    public Map<String, Long> getNumberOfTruncateEventsSeen() {
        return meters.byTable('t');
    }

    @Override
    public long getTotalNumberOfLogicalMessageEventsSeen() {
        return meters.messages();
    }

    @Override
    public long getBytesBehindSource() {
        return meters.behindBytes();
    }

    @Override
    public long getWalBytesKept() {
        return meters.walBytes();
    }

    @Override
    public long getWalBytesSafe() {
        return meters.safeBytes();
    }
}
