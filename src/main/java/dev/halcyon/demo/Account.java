package dev.halcyon.demo;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was written about one user.
 *
 * @param status {@link #OPEN}, or nothing once the user is deleted
 * @param first the first address, which both versions write
 * @param further the others by their second line, which never changes; only version 2 knows them
 */
record Account(long user, Register status, Register first, Map<String, Register> further) {
  static final Lines OPEN = new Lines("there", null);

  /** A user who is there from now on. */
  static Account opened(long user, Lines first) {
    return new Account(user, new Register(OPEN), new Register(first), new ConcurrentHashMap<>());
  }

  /** The register of a further address; a new one says that there is none yet. */
  Register further(String label) {
    return further.computeIfAbsent(label, _ -> new Register(Lines.NONE));
  }
}
