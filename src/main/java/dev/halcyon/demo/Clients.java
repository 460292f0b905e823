package dev.halcyon.demo;

import dev.halcyon.mysql.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The threads of both versions that are at work now. For one thread. */
final class Clients implements AutoCloseable {
  private final Server server;
  private final Ledger ledger;
  private final Tally tally;
  private final Duration pace;
  private final Random seeds;
  private List<Client> working = List.of();

  /**
   * @param pace of each client, from one piece of work to the next
   */
  Clients(Server server, Ledger ledger, Tally tally, Duration pace, long seed) {
    this.server = server;
    this.ledger = ledger;
    this.tally = tally;
    this.pace = pace;
    this.seeds = new Random(seed);
  }

  /**
   * Deploys: so many clients of each version begin, then those who were at work before end.
   *
   * @param shape what is looked at in every read
   */
  void shift(int old, int fresh, Shape shape) {
    var before = working;
    var begun = new ArrayList<Client>();
    for (int i = 0; i < old; i++) {
      begun.add(client(new OldApplication(ledger, tally, shape)));
    }
    for (int i = 0; i < fresh; i++) {
      begun.add(client(new NewApplication(ledger, tally, shape)));
    }
    working = begun;
    begun.forEach(Client::start);
    retire(before);
  }

  /** All end after the work in hand. */
  @Override
  public void close() {
    retire(working);
    working = List.of();
  }

  private Client client(Application application) {
    return new Client(server, application, ledger, tally, new Random(seeds.nextLong()), pace);
  }

  /** All end after the work in hand. */
  static void retire(List<Client> clients) {
    clients.forEach(Client::retire);
    try {
      for (var client : clients) {
        client.join();
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }
}
