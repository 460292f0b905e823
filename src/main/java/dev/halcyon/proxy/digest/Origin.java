package dev.halcyon.proxy.digest;

import java.util.Optional;

/**
 * Whose statement it is.
 *
 * @param schema in force; empty text for none; empty if it is not known
 */
record Origin(String user, Optional<String> schema) {

  long hash() {
    return Hash.with(Hash.of(user), schema.map(Hash::of).orElse(1L));
  }
}
