package dev.halcyon.demo;

import dev.halcyon.mysql.Row;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Version 2: a user has zero or more addresses, rows of their own. It changes an address by a plain
 * statement, and adds or removes one in a transaction that locks the user first.
 */
record NewApplication(Ledger ledger, Tally tally, Shape shape) implements Application {
  private static final String INSERT =
      "INSERT INTO addresses (user_id, address_line_1, address_line_2) VALUES (?, ?, ?)";

  @Override
  public String label() {
    return "v2";
  }

  @Override
  public Work next(Random random) {
    int kind = random.nextInt(100);
    var account = ledger.any(random);
    if (account.isEmpty() || kind < 5) {
      return signUp(random.nextInt(3));
    }
    var chosen = account.get();
    if (kind < 10) {
      return (session, entry) -> {
        entry.close(chosen);
        if (session.update("DELETE FROM users WHERE id = ?", chosen.user()) == 0) {
          entry.withdraw();
        }
      };
    }
    if (kind < 28) {
      return change(chosen, random.nextInt(3));
    }
    if (kind < 37) {
      return locked(chosen, this::add);
    }
    if (kind < 45) {
      return locked(chosen, NewApplication::remove);
    }
    return (session, entry) ->
        tally.read(new Inspection(ledger, shape).one(session::query, chosen));
  }

  /** With the user's addresses in the order of their ids. */
  private interface WithAddresses {
    void run(Measured session, Entry entry, Account account, List<Row> addresses);
  }

  private static Work locked(Account account, WithAddresses work) {
    return (session, entry) ->
        session.inTransaction(
            () -> {
              var user =
                  session.query("SELECT id FROM users WHERE id = ? FOR UPDATE", account.user());
              if (!user.isEmpty()) {
                work.run(session, entry, account, addresses(session, account));
              }
            });
  }

  private static List<Row> addresses(Measured session, Account account) {
    return session.query(
        "SELECT id, address_line_2 FROM addresses WHERE user_id = ? ORDER BY id", account.user());
  }

  /** Of the first few addresses one; the row may be gone by then, and nothing is changed. */
  private Work change(Account account, int which) {
    var street = ledger.street();
    var flat = ledger.flat();
    return (session, entry) -> {
      var addresses = addresses(session, account);
      if (addresses.isEmpty()) {
        return;
      }
      int index = Math.min(which, addresses.size() - 1);
      var address = addresses.get(index);
      // A further address keeps its second line, by which the ledger knows it.
      var label = index == 0 ? flat : address.string("address_line_2");
      write(entry, account, index == 0, new Lines(street, label));
      long rows =
          session.update(
              "UPDATE addresses SET address_line_1 = ?, address_line_2 = ? WHERE id = ?",
              street,
              label,
              address.longValue("id"));
      if (rows == 0) {
        entry.withdraw();
      }
    };
  }

  private void add(Measured session, Entry entry, Account account, List<Row> addresses) {
    var lines = new Lines(ledger.street(), ledger.flat());
    write(entry, account, addresses.isEmpty(), lines);
    session.update(INSERT, account.user(), lines.first(), lines.second());
  }

  /** The last one, so that the first stays the first. */
  private static void remove(Measured session, Entry entry, Account account, List<Row> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    var address = addresses.getLast();
    if (addresses.size() == 1) {
      entry.first(account, Lines.NONE);
    } else {
      entry.further(account, address.string("address_line_2"), Lines.NONE);
    }
    session.update("DELETE FROM addresses WHERE id = ?", address.longValue("id"));
  }

  private static void write(Entry entry, Account account, boolean first, Lines lines) {
    if (first) {
      entry.first(account, lines);
    } else {
      entry.further(account, String.valueOf(lines.second()), lines);
    }
  }

  private Work signUp(int addresses) {
    var first = addresses > 0 ? new Lines(ledger.street(), ledger.flat()) : Lines.NONE;
    var second = new Lines(ledger.street(), ledger.flat());
    return (session, entry) ->
        session.inTransaction(
            () -> {
              session.update("INSERT INTO users (username) VALUES (?)", "user");
              long user = session.inserted();
              if (addresses > 0) {
                session.update(INSERT, user, first.first(), first.second());
              }
              if (addresses > 1) {
                session.update(INSERT, user, second.first(), second.second());
              }
              entry.open(
                  user,
                  first,
                  addresses > 1 ? Map.of(String.valueOf(second.second()), second) : Map.of());
            });
  }
}
