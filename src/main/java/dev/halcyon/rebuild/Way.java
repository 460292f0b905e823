package dev.halcyon.rebuild;

import java.util.Arrays;
import java.util.Locale;

/** How a table can be changed, the ones first that cost least. */
public enum Way {
  /** Only the catalogue changes. */
  INSTANT("ALGORITHM=INSTANT"),
  /** By the server in place, while others read and write. */
  IN_PLACE("ALGORITHM=INPLACE, LOCK=NONE"),
  /** MariaDB's own copy, while others read and write. */
  ONLINE_COPY("ALGORITHM=COPY, LOCK=NONE"),
  /** By Halcyon: shadow table, captured changes, comparison, cut-over. */
  REBUILD(""),
  /** By the server's copy, while writers wait. */
  COPY("ALGORITHM=COPY, LOCK=SHARED");

  private final String clause;

  Way(String clause) {
    this.clause = clause;
  }

  /** What is appended to the server's ALTER; empty for {@link #REBUILD}. */
  String clause() {
    return clause;
  }

  /** As it is typed: {@code in-place}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException for a word that is none of the ways
   */
  public static Way parse(String label) {
    return Arrays.stream(values())
        .filter(way -> way.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + label + "' is not instant, in-place, online-copy, rebuild or copy"));
  }
}
