/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a worker is in its group, and the events by which it is told. Safe for use by any thread; blocks none. */
final class Place {
    /** Before the worker listens nothing happens to it. */
    private Consumer<GroupEvent> events = event -> {};

    private Share running = Share.NONE;
    private @Nullable Agreement agreement;
    private @Nullable Leader leader;
    /** Whether this worker led when the group agreed last. */
    private boolean led;
    /** Whether it was the only member then. */
    private boolean alone;

    private CompletableFuture<Void> leaderKnown = new CompletableFuture<>();
    private Map<String, Share> byUrl = Map.of();
    private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

    synchronized void listen(Consumer<GroupEvent> listener) {
        events = listener;
    }

    /** What this worker says when it joins that it runs; null if it has no place, or had none. */
    synchronized @Nullable Agreement allocation() {
        return agreement == null ? null : agreement.running(running);
    }

    synchronized boolean isTaken() {
        return agreement != null;
    }

    /** Takes away of what this worker runs. */
    synchronized void revoke(Share share) {
        if (share.isEmpty()) {
            return;
        }
        running = running.without(share);
        GroupEvent.Revoked revoked = new GroupEvent.Revoked(share);
        stopped = CompletableFuture.allOf(stopped, revoked.stopped());
        events.accept(revoked);
    }

    synchronized void revokeAll() {
        revoke(running);
    }

    /** The group agrees anew: until it has nobody leads. */
    synchronized void agreeAnew() {
        leader = null;
        byUrl = Map.of();
        if (leaderKnown.isDone()) {
            leaderKnown = new CompletableFuture<>();
        }
    }

    /**
     * The group has agreed.
     *
     * @param share what this worker runs from now on
     * @param shares what each member is to run by its URL, if this worker leads
     * @param isOnlyMember whether it leads nobody else
     */
    synchronized void agreed(
            int generation,
            GroupProtocol protocol,
            Agreement said,
            boolean leads,
            Share share,
            Map<String, Share> shares,
            boolean isOnlyMember) {
        agreement = said;
        running = share;
        leader = new Leader(leads, said.leaderUrl());
        led = leads;
        alone = isOnlyMember;
        byUrl = Map.copyOf(shares);
        events.accept(new GroupEvent.Assigned(
                generation, host(said.leaderUrl()), leads, protocol.protocolName(), share, said.configOffset()));
        leaderKnown.complete(null);
    }

    /** The group may have gone on without this worker. */
    synchronized void lose() {
        agreeAnew();
        if (agreement == null) {
            return;
        }
        agreement = null;
        led = false;
        alone = false;
        running = Share.NONE;
        GroupEvent.Lost lost = new GroupEvent.Lost();
        stopped = CompletableFuture.allOf(stopped, lost.stopped());
        events.accept(lost);
    }

    /** Completes when all that was taken away so far has stopped. */
    synchronized CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Nobody waits any more for what was waited for in vain: what is taken away later is waited for as long as ever. */
    synchronized void giveUp(CompletableFuture<Void> waitedFor) {
        if (stopped == waitedFor) {
            stopped = CompletableFuture.completedFuture(null);
        }
    }

    synchronized Optional<Leader> leader() {
        return Optional.ofNullable(leader);
    }

    synchronized boolean hasLed() {
        return led;
    }

    /** Whether this worker was the only member when the group agreed last. */
    synchronized boolean isAlone() {
        return alone;
    }

    synchronized CompletionStage<Void> leaderKnown() {
        return leaderKnown.copy();
    }

    /** The URL of the member that is to run something, if this worker leads. */
    synchronized <T> Optional<String> owner(T work, Function<Share, ? extends Set<T>> kind) {
        return byUrl.entrySet().stream()
                .filter(member -> kind.apply(member.getValue()).contains(work))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** {@code host:port} of a URL. */
    private static String host(String url) {
        return url.replaceFirst("^[a-z]+://", "").replaceFirst("/$", "");
    }
}
