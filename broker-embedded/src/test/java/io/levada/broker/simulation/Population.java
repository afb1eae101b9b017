/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.IsolationLevel;

/** Who works with the broker. */
final class Population {
    private final World world;
    private final List<Client> clients = new ArrayList<>();
    private final Founder founder;

    Population(World world) {
        this.world = world;
        this.founder = new Founder(world, this::settleIn);
        clients.add(founder);
    }

    void begin() {
        founder.begin();
    }

    private void settleIn(Founder.Founded topics) {
        KnownTopic topic = topics.orders();
        KnownTopic compacted = topics.latest();
        for (int i = 0; i < 2; i++) {
            clients.add(Producer.idempotent(world, i, topic));
        }
        for (int i = 0; i < 2; i++) {
            clients.add(new TransactionalProducer(world, i, topic));
        }
        for (int i = 0; i < 2; i++) {
            clients.add(new Transformer(world, "transform-first", "transformer-first-" + i, topic, false));
            clients.add(new Transformer(world, "transform-second", "transformer-second-" + i, topic, true));
        }
        clients.add(Producer.plain(world, 0, topic, -1));
        clients.add(Producer.plain(world, 1, topic, 1));
        clients.add(Producer.plain(world, 2, topic, 0));
        clients.add(new Reader(world, "reader-uncommitted", topic, IsolationLevel.READ_UNCOMMITTED));
        clients.add(new Reader(world, "reader-committed", topic, IsolationLevel.READ_COMMITTED));
        for (String kind : List.of("idempotent-0", "idempotent-1", "transactional-0", "transactional-1")) {
            clients.add(new KeyedProducer(world, kind, compacted));
        }
        clients.add(new Reader(world, "keyed-reader-uncommitted", compacted, IsolationLevel.READ_UNCOMMITTED));
        clients.add(new Reader(world, "keyed-reader-committed", compacted, IsolationLevel.READ_COMMITTED));
        clients.add(Producer.plain(world, 3, topics.passing(), -1));
        clients.add(Producer.plain(world, 4, topics.passing(), -1));
        clients.add(new Reader(world, "passing-reader", topics.passing(), IsolationLevel.READ_UNCOMMITTED));
        clients.add(Producer.plain(world, 5, topics.bounded(), -1));
        clients.add(Producer.plain(world, 6, topics.bounded(), -1));
        clients.add(new Reader(world, "bounded-reader", topics.bounded(), IsolationLevel.READ_UNCOMMITTED));
        clients.add(new Committer(world, 0, topic));
        clients.add(new Committer(world, 1, topic));
        for (int i = 0; i < 3; i++) {
            clients.add(new GroupMember(world, i, topic));
        }
        clients.add(new TopicMaker(world, 0));
        clients.add(new TopicMaker(world, 1));
        clients.add(new RecordDeleter(world, topic));
        clients.subList(1, clients.size()).forEach(Client::begin);
    }

    boolean isThere() {
        return clients.size() > 1;
    }

    List<Client> clients() {
        return clients;
    }

    boolean isDone() {
        return clients.stream().allMatch(Client::isDone);
    }

    boolean onlyReads() {
        return clients.stream().allMatch(client -> client instanceof Reader || client.isDone());
    }

    /** Who is not done. */
    @Override
    public String toString() {
        return clients.stream().filter(client -> !client.isDone()).toList().toString();
    }
}
