package dev.halcyon.demo;

import dev.halcyon.demo.Shape.Asking;
import dev.halcyon.demo.Shape.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads, and compares what it sees: one shape with the other, and both with the ledger. */
record Inspection(Ledger ledger, Shape shape) {
  private static final long USERS_AT_ONCE = 200;

  /** Looks at one user, as the application does with every read. */
  List<Doubt> one(Asking session, Account account) {
    long begun = ledger.now();
    var seen = shape.read(session, account.user(), account.user());
    return new Comparison(begun, ledger.now()).doubts(account, seen.get(account.user()));
  }

  /**
   * Looks at every user.
   *
   * @param quiet whether nobody writes meanwhile, so that every row must be known
   */
  List<Doubt> all(Asking session, boolean quiet) {
    var doubts = new ArrayList<Doubt>();
    var accounts = ledger.all();
    long last = accounts.isEmpty() ? 0 : accounts.getLast().user();
    for (long from = 1; from <= last; from += USERS_AT_ONCE) {
      doubts.addAll(range(session, from, from + USERS_AT_ONCE - 1, quiet));
    }
    if (quiet) {
      doubts.addAll(range(session, last + 1, Long.MAX_VALUE, true));
    }
    return doubts;
  }

  private List<Doubt> range(Asking session, long from, long to, boolean quiet) {
    var doubts = new ArrayList<Doubt>();
    var known =
        ledger.all().stream()
            .filter(account -> account.user() >= from && account.user() <= to)
            .collect(Collectors.toMap(Account::user, account -> account));
    long begun = ledger.now();
    var seen = new HashMap<>(shape.read(session, from, to));
    var comparison = new Comparison(begun, ledger.now());
    known
        .values()
        .forEach(account -> doubts.addAll(comparison.doubts(account, seen.remove(account.user()))));
    if (quiet) {
      seen.keySet()
          .forEach(user -> doubts.add(new Doubt(Doubt.Kind.STRANGE, "user " + user, "unknown")));
    }
    return doubts;
  }

  /** Of a read that was on its way between two times of the ledger. */
  private record Comparison(long begun, long ended) {

    List<Doubt> doubts(Account account, @Nullable Seen seen) {
      var doubts = new ArrayList<Doubt>();
      var place = "user " + account.user();
      check(doubts, account.status(), seen == null ? Lines.NONE : Account.OPEN, place);
      if (seen == null) {
        return doubts;
      }
      var old = seen.old();
      if (old != null && !old.equals(seen.first())) {
        var words = "users says %s, addresses says %s".formatted(old, seen.first());
        doubts.add(new Doubt(Doubt.Kind.DIFFERS, place, words));
      }
      check(doubts, account.first(), seen.first(), place + ", first address");
      var addresses = seen.addresses();
      if (addresses != null) {
        further(doubts, account, addresses, place);
      }
      return doubts;
    }

    private void further(List<Doubt> doubts, Account account, List<Lines> addresses, String place) {
      var seen = new HashMap<String, Lines>();
      for (var lines : addresses.stream().skip(1).toList()) {
        var label = String.valueOf(lines.second());
        if (seen.put(label, lines) != null || !account.further().containsKey(label)) {
          doubts.add(new Doubt(Doubt.Kind.STRANGE, place, "nobody has added " + lines));
        }
      }
      for (Map.Entry<String, Register> each : account.further().entrySet()) {
        var lines = seen.getOrDefault(each.getKey(), Lines.NONE);
        check(doubts, each.getValue(), lines, place + ", " + each.getKey());
      }
    }

    private void check(List<Doubt> doubts, Register register, Lines seen, String place) {
      if (!register.allows(seen, begun, ended)) {
        var words = "%s is there instead of %s".formatted(seen, register.latest());
        doubts.add(new Doubt(Doubt.Kind.LOST, place, words));
      }
    }
  }
}
