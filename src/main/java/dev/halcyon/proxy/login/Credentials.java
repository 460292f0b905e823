package dev.halcyon.proxy.login;

import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The secrets that the proxy knows: those of the settings, and those that it has learnt in logins
 * which the server has taken. A learnt one is kept for as long as a session holds it, because the
 * session may have to log in again elsewhere; of 10,000 users at most. Thread-safe.
 */
public final class Credentials {
  private static final int USERS = 10_000;

  /** Logs in as this if it knows nobody; the server refuses it in due form. */
  private static final String NOBODY = "halcyon_nobody";

  private final Accounts accounts;
  private final Map<String, WeakReference<Secret>> learnt = new LinkedHashMap<>(16, 0.75f, true);

  public Credentials(Accounts accounts) {
    this.accounts = accounts;
  }

  /** Somebody to log in as. */
  public Map.Entry<String, Secret> somebody() {
    return accounts.secrets().entrySet().stream()
        .findFirst()
        .orElseGet(() -> Map.entry(NOBODY, Secret.of("")));
  }

  boolean learns() {
    return accounts.learns();
  }

  /** Of the settings. */
  Optional<Secret> given(String user) {
    return Optional.ofNullable(accounts.secrets().get(user));
  }

  synchronized Optional<Secret> of(String user) {
    var given = given(user);
    var kept = learnt.get(user);
    return given.isPresent() || kept == null ? given : Optional.ofNullable(kept.get());
  }

  /** The server has taken it. */
  synchronized void learn(String user, Secret secret) {
    learnt.put(user, new WeakReference<>(secret));
    if (learnt.size() > USERS) {
      learnt.remove(learnt.keySet().iterator().next());
    }
  }

  /** The server does not take it any more. A newer one stays. */
  synchronized void forget(String user, Secret secret) {
    var kept = learnt.get(user);
    if (kept != null && secret.equals(kept.get())) {
      learnt.remove(user);
    }
  }
}
