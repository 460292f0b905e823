package dev.halcyon.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing a run does. A step is journalled before it acts and can be done again: it is either
 * already true, or not begun, or goes on from its checkpoint.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Step.Ddl.class, name = "ddl"),
  @JsonSubTypes.Type(value = Step.Rebuild.class, name = "rebuild"),
  @JsonSubTypes.Type(value = Step.Locked.class, name = "locked"),
  @JsonSubTypes.Type(value = Step.Backfill.class, name = "backfill"),
  @JsonSubTypes.Type(value = Step.Data.class, name = "data"),
  @JsonSubTypes.Type(value = Step.Verify.class, name = "verify"),
  @JsonSubTypes.Type(value = Step.Gate.class, name = "gate")
})
public sealed interface Step {
  /** Stable within the plan: {@code expand.2}. */
  String id();

  /** What it does, for people: {@code add column users.email_address}. */
  String title();

  /**
   * A schema statement.
   *
   * @param table the table that it changes or the object that it creates
   * @param sql complete, with its explicit algorithm and lock
   * @param delta what changes, as rehearsed; empty only for a statement that can be repeated
   *     without harm
   * @param conditions under which session settings it runs
   */
  record Ddl(
      String id,
      String title,
      String table,
      String sql,
      Algorithm algorithm,
      Conditions conditions,
      List<Delta> delta)
      implements Step {
    public Ddl {
      delta = List.copyOf(delta);
    }
  }

  /**
   * An {@code ALTER TABLE} that is done by copying the table while others read and write, and
   * swapping the copy in.
   *
   * @param sql complete, without algorithm and lock
   * @param instead what the server itself would take
   * @param delta what changes, as rehearsed
   * @param rows the server's estimate
   */
  record Rebuild(
      String id,
      String title,
      String table,
      String sql,
      Algorithm instead,
      List<Delta> delta,
      long rows)
      implements Step {
    public Rebuild {
      delta = List.copyOf(delta);
    }
  }

  /** The session settings under which a schema statement runs. */
  enum Conditions {
    /** Strict mode is added to the server's own {@code sql_mode}. */
    STRICT,
    /** As STRICT, with {@code foreign_key_checks=0}: a verify step before has proven the rows. */
    FOREIGN_KEYS_PROVEN,
    /**
     * The server's {@code sql_mode} without the strict modes. A sync trigger keeps the mode it was
     * created under, and must never fail an application's statement: a value that does not map is
     * found by verify.
     */
    LENIENT
  }

  /**
   * Several schema statements under LOCK TABLES … WRITE, so that no writer sees the state between
   * them. Each has its own delta, so that a run that died in between goes on.
   */
  record Locked(String id, String title, List<String> tables, List<Part> parts) implements Step {
    /** One statement under the lock. */
    public record Part(String sql, List<Delta> delta) {
      public Part {
        delta = List.copyOf(delta);
      }
    }

    public Locked {
      tables = List.copyOf(tables);
      parts = List.copyOf(parts);
    }
  }

  /**
   * Statements repeated over the table chunk by chunk, in key order; each chunk is one transaction
   * together with its checkpoint, so that no chunk is done twice. It begins by locking the chunk's
   * rows of the table.
   *
   * @param table the table whose key is walked
   * @param key the columns of that key
   * @param alias the name that qualifies the key's columns in the statements
   * @param statements in each, {@code {range}} stands for the chunk's key condition
   * @param quiet true for Halcyon's own copying: sync triggers between two tables stand aside
   *     ({@code SET @hal_quiet = 1}) and the session is without strict mode, so that verify can
   *     name the rows that do not map; false for the user's own data statements, which run under
   *     the server's own mode
   */
  record Backfill(
      String id,
      String title,
      String table,
      List<String> key,
      String alias,
      List<String> statements,
      boolean quiet,
      long rows)
      implements Step {
    public Backfill {
      key = List.copyOf(key);
      statements = List.copyOf(statements);
      if (key.isEmpty() || statements.stream().anyMatch(s -> !s.contains("{range}"))) {
        throw new IllegalArgumentException("a backfill has a key and works by range: " + id);
      }
    }
  }

  /** Statements that run in one transaction together with their mark in the journal. */
  record Data(String id, String title, String table, List<String> statements) implements Step {
    public Data {
      statements = List.copyOf(statements);
    }
  }

  /**
   * Every row of a table is looked at; rows that match a fault are reported by key.
   *
   * @param from what stands after FROM, with {@code alias} for the table whose key is walked
   * @param key the columns that are walked and reported; the walk is one single statement without
   *     range when {@code whole} is true
   * @param code the error code of the finding: {@code HAL-501}
   */
  record Verify(
      String id,
      String title,
      String table,
      List<String> key,
      String alias,
      String from,
      List<Fault> faults,
      boolean whole,
      long rows,
      String code)
      implements Step {
    /**
     * One kind of row that must not be there.
     *
     * @param kind a word for it: {@code differs}, {@code round-trip}, {@code duplicate}, {@code
     *     orphan}, {@code null}, {@code does-not-fit}
     * @param condition true for a faulty row
     * @param meaning for people: {@code email_address is not what email maps to}
     */
    public record Fault(String kind, String condition, String meaning) {}

    public Verify {
      key = List.copyOf(key);
      faults = List.copyOf(faults);
      if (faults.isEmpty()) {
        throw new IllegalArgumentException("nothing to verify: " + id);
      }
    }
  }

  /**
   * What must hold before the steps after it may run; re-checked in every run.
   *
   * @param unused how long what is dropped must not have been used, or null
   * @param open how long the window must have been open, or null
   * @param drops {@code table.column} or {@code table}, what goes away
   */
  record Gate(
      String id,
      String title,
      @Nullable Duration unused,
      @Nullable Duration open,
      List<String> drops)
      implements Step {
    public Gate {
      drops = List.copyOf(drops);
    }
  }
}
