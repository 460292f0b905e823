package dev.halcyon.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers every write of both versions that the server has acknowledged. Thread-safe. */
final class Ledger {
  /** A few users take a good part of the work, so that clients meet. */
  private static final int BUSY_USERS = 20;

  private static final double BUSY_SHARE = 0.3;

  private final AtomicLong clock = new AtomicLong();
  private final Map<Long, Account> accounts = new ConcurrentSkipListMap<>();
  private final List<Account> open = new ArrayList<>();

  /** The time: every call is later than the one before. */
  long now() {
    return clock.incrementAndGet();
  }

  /** A street that occurs once. */
  String street() {
    return now() + " High Street";
  }

  /** A flat that occurs once. */
  String flat() {
    return "Flat " + now();
  }

  /** A user to work with, unless all are gone. */
  synchronized Optional<Account> any(Random random) {
    if (open.isEmpty()) {
      return Optional.empty();
    }
    boolean busy = random.nextDouble() < BUSY_SHARE;
    int among = busy ? Math.min(BUSY_USERS, open.size()) : open.size();
    return Optional.of(open.get(random.nextInt(among)));
  }

  synchronized void opened(Account account) {
    accounts.put(account.user(), account);
    open.add(account);
  }

  synchronized void closed(Account account) {
    open.remove(account);
  }

  /** Every user who has ever been there, by id. */
  List<Account> all() {
    return List.copyOf(accounts.values());
  }
}
