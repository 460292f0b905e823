package dev.halcyon.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one piece of work writes: entered before the statement is sent, acknowledged when the server
 * has said yes, withdrawn when it has said no. Left alone when its reply was lost: then a read may
 * show either. For one thread.
 */
final class Entry {
  private record Pending(Register register, Register.Write write) {}

  private final Ledger ledger;
  private final List<Pending> writes = new ArrayList<>();
  private final List<Account> opened = new ArrayList<>();
  private final List<Account> closed = new ArrayList<>();

  Entry(Ledger ledger) {
    this.ledger = ledger;
  }

  Ledger ledger() {
    return ledger;
  }

  void first(Account account, Lines lines) {
    begin(account.first(), lines);
  }

  void further(Account account, String label, Lines lines) {
    begin(account.further(label), lines);
  }

  /** A new user; nobody else knows of it before it is acknowledged. */
  void open(long user, Lines first, Map<String, Lines> further) {
    var account = Account.opened(user, first);
    further.forEach((label, lines) -> account.further().put(label, new Register(lines)));
    opened.add(account);
  }

  void close(Account account) {
    begin(account.status(), Lines.NONE);
    closed.add(account);
  }

  void acknowledge() {
    long now = ledger.now();
    writes.forEach(pending -> pending.register().acknowledge(pending.write(), now));
    opened.forEach(ledger::opened);
    closed.forEach(ledger::closed);
    clear();
  }

  void withdraw() {
    writes.forEach(pending -> pending.register().withdraw(pending.write()));
    clear();
  }

  private void begin(Register register, Lines lines) {
    writes.add(new Pending(register, register.begin(lines, ledger.now())));
  }

  private void clear() {
    writes.clear();
    opened.clear();
    closed.clear();
  }
}
