package dev.halcyon.demo;

import java.util.Map;
import java.util.Random;

/** Version 1: a user has one address, in columns of users. One statement at a time, no retries. */
record OldApplication(Ledger ledger, Tally tally, Shape shape) implements Application {

  @Override
  public String label() {
    return "v1";
  }

  @Override
  public Work next(Random random) {
    int kind = random.nextInt(100);
    var account = ledger.any(random);
    if (account.isEmpty() || kind < 5) {
      return signUp(random.nextInt(5) > 0);
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
    if (kind < 45) {
      boolean flat = random.nextBoolean();
      return kind < 15
          ? write(chosen, Lines.NONE)
          : write(chosen, new Lines(ledger.street(), flat ? ledger.flat() : null));
    }
    return (session, entry) ->
        tally.read(new Inspection(ledger, shape).one(session::query, chosen));
  }

  private static Work write(Account account, Lines lines) {
    return (session, entry) -> {
      entry.first(account, lines);
      long rows =
          session.update(
              "UPDATE users SET address_line_1 = ?, address_line_2 = ? WHERE id = ?",
              lines.first(),
              lines.second(),
              account.user());
      if (rows == 0) {
        entry.withdraw();
      }
    };
  }

  private Work signUp(boolean withAddress) {
    var lines = withAddress ? new Lines(ledger.street(), null) : Lines.NONE;
    return (session, entry) -> {
      session.update(
          "INSERT INTO users (username, address_line_1, address_line_2) VALUES (?, ?, ?)",
          "user",
          lines.first(),
          lines.second());
      entry.open(session.inserted(), lines, Map.of());
    };
  }
}
