package dev.halcyon.proxy.login;

import java.util.Map;

/**
 * Who may log in.
 *
 * @param secrets of users by name; each is the server's as well
 * @param learns whether others may log in, too: the proxy has them tell their password, over TLS or
 *     sealed, and the server decides
 */
public record Accounts(Map<String, Secret> secrets, boolean learns) {

  public Accounts {
    secrets = Map.copyOf(secrets);
    if (secrets.isEmpty() && !learns) {
      throw new IllegalArgumentException("No account may log in");
    }
  }

  /** These and no others. */
  public Accounts(Map<String, Secret> secrets) {
    this(secrets, false);
  }
}
