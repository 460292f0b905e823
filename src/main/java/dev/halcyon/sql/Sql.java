package dev.halcyon.sql;

import java.util.Collection;
import java.util.stream.Collectors;

/** Prints names and literals. */
public final class Sql {
  /** A name that nobody else uses. */
  public static final String OWN_NAME = "hal_own";

  /**
   * A condition that always holds. By it a statement over the user's tables is known as Halcyon's
   * own wherever statements are recorded; comments and literals are not kept there.
   */
  public static final String OWN = "(SELECT 1 AS " + OWN_NAME + ") = 1";

  private Sql() {}

  /** {@code `name`}. */
  public static String name(String bare) {
    return "`" + bare.replace("`", "``") + "`";
  }

  /** {@code `qualifier`.`name`}. */
  public static String name(String qualifier, String bare) {
    return name(qualifier) + "." + name(bare);
  }

  /** {@code `a`, `b`}. */
  public static String names(Collection<String> bare) {
    return bare.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  /** {@code 'text'}, safe whatever NO_BACKSLASH_ESCAPES says as long as there is no backslash. */
  public static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
