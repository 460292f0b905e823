package dev.halcyon.demo;

import org.jspecify.annotations.Nullable;

/** The two lines of an address. Both null: no address, which version 1 cannot tell from none. */
record Lines(@Nullable String first, @Nullable String second) {
  static final Lines NONE = new Lines(null, null);

  @Override
  public String toString() {
    return equals(NONE) ? "nothing" : first + " / " + second;
  }
}
