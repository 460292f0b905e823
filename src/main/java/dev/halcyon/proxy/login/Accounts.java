package dev.halcyon.proxy.login;

import java.util.Map;
import java.util.Optional;

/** The users that may log in, and the secret of each, which is the server's as well. */
public record Accounts(Map<String, Secret> secrets) {

  public Accounts {
    secrets = Map.copyOf(secrets);
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("No account may log in");
    }
  }

  Optional<Secret> of(String user) {
    return Optional.ofNullable(secrets.get(user));
  }
}
