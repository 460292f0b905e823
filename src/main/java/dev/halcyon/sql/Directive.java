package dev.halcyon.sql;

import dev.halcyon.model.Phase;
import dev.halcyon.model.Place;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What SQL cannot say: a {@code -- halcyon:} comment line of a change file. */
public sealed interface Directive {
  Place place();

  /** {@code fill users.locale = 'en'}: the value for rows and writers that give none. */
  record Fill(Place place, String table, String column, String expression) implements Directive {}

  /**
   * {@code map orders.amount_cents -> amount up="…" down="…"}.
   *
   * @param up the new value from the old row's columns
   * @param down the old value from the new column
   */
  record Map(Place place, String table, String from, String to, String up, String down)
      implements Directive {}

  /**
   * {@code split users(a, b) -> addresses by user_id keep=first}: columns of the parent move to a
   * child table. The child's columns have the same names unless {@code (a, b) -> addresses(x, y)}
   * gives others.
   */
  record Split(
      Place place,
      String parent,
      List<String> columns,
      String child,
      List<String> childColumns,
      String by)
      implements Directive {
    public Split {
      columns = List.copyOf(columns);
      childColumns = List.copyOf(childColumns);
      if (columns.isEmpty() || columns.size() != childColumns.size()) {
        throw new IllegalArgumentException("a split names as many columns on both sides");
      }
    }
  }

  /** {@code merge addresses(a, b) -> users by user_id keep=first}: the reverse of a split. */
  record Merge(
      Place place,
      String child,
      List<String> childColumns,
      String parent,
      List<String> columns,
      String by)
      implements Directive {
    public Merge {
      columns = List.copyOf(columns);
      childColumns = List.copyOf(childColumns);
      if (columns.isEmpty() || columns.size() != childColumns.size()) {
        throw new IllegalArgumentException("a merge names as many columns on both sides");
      }
    }
  }

  /**
   * {@code gate unused=7d} and {@code gate open=2d}: what must hold before contract.
   *
   * @param unused what is dropped must not have been used for this long, or null
   * @param open the window must have been open for this long, or null
   */
  record Gate(Place place, @Nullable Duration unused, @Nullable Duration open)
      implements Directive {}

  /** {@code phase contract}: the data statements of this file run in that phase. */
  record InPhase(Place place, Phase phase) implements Directive {}

  /** {@code allow H208 because …}. */
  record Allow(Place place, String rule, String reason) implements Directive {}
}
