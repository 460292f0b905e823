package dev.halcyon.rebuild;

import dev.halcyon.binlog.Position;
import dev.halcyon.mysql.KeyPosition;
import dev.halcyon.mysql.ServerIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a rebuild came, as one value that is stored.
 *
 * @param statement the change as it was asked for
 * @param showCreate the table's own text when the rebuild, or the keeping, began
 * @param deferred indexes that the shadow table gets when all rows are there
 * @param position up to which captured changes are in the other table, as {@link Position#text}
 * @param after the last key that is copied; null before the first
 * @param all whether every key is copied, those to come included
 * @param rows copied
 * @param stage what may have happened to the tables
 * @param keep whether the old table is kept after the swap; null if it is not
 * @param moving what goes along with the table; null if nothing does
 * @param server whose log the position is in; null before the shadow table is made
 * @param captured what tells of the application's writes; null is the log, as earlier versions have
 *     stored it
 */
record RebuildState(
    String statement,
    String showCreate,
    List<Deferred> deferred,
    String position,
    @Nullable KeyPosition after,
    boolean all,
    long rows,
    Stage stage,
    @Nullable Keep keep,
    Belongings.@Nullable Moving moving,
    @Nullable ServerIdentity server,
    @Nullable CaptureBy captured) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What a run that goes on has to look for. */
  enum Stage {
    /** The shadow table is being made; whatever stands under its name is ours, and no use. */
    PREPARING,
    WORKING,
    /** The names may have changed. */
    SWAPPING,
    /** The names have changed; what is left of the old table goes. */
    SWAPPED,
    /** The names have changed; the old table is kept and follows the new one. */
    KEEPING,
    /** The names may have changed back. */
    REVERTING,
    /** The names have changed back; what is left of the new table goes. */
    REVERTED
  }

  /**
   * An index that comes last.
   *
   * @param definition as it stands after ADD
   */
  record Deferred(String name, String definition, boolean unique, List<String> columns) {
    Deferred {
      columns = List.copyOf(columns);
    }
  }

  /**
   * The old table after the swap.
   *
   * @param seconds how long it is kept
   * @param position from which on the new table's changes are to be brought to it; empty before the
   *     cut-over
   * @param until the end of that time by the server's clock, in seconds since 1970; 0 before the
   *     swap
   * @param keeper raised by whoever takes over the keeping
   * @param unfit rows that it cannot take as they are in the new table
   */
  record Keep(long seconds, String position, long until, long keeper, List<Unfit> unfit) {
    Keep {
      unfit = List.copyOf(unfit);
    }

    Keep(long seconds) {
      this(seconds, "", 0, 0, List.of());
    }
  }

  /**
   * A row that stands against going back.
   *
   * @param key literals
   * @param reason in the server's words
   */
  record Unfit(List<String> key, String reason) {
    Unfit {
      key = List.copyOf(key);
    }
  }

  RebuildState {
    deferred = List.copyOf(deferred);
  }

  /** Before the shadow table is made. */
  static RebuildState preparing(String statement, @Nullable Keep keep, CaptureBy captured) {
    return new RebuildState(
        statement, "", List.of(), "", null, false, 0, Stage.PREPARING, keep, null, null, captured);
  }

  static RebuildState parse(String text) {
    try {
      return JSON.readValue(text, RebuildState.class);
    } catch (JacksonException unreadable) {
      throw new IllegalStateException("not the state of a rebuild: " + text, unreadable);
    }
  }

  String text() {
    return JSON.writeValueAsString(this);
  }

  RebuildState at(Position newPosition) {
    return new RebuildState(
        statement,
        showCreate,
        deferred,
        newPosition.text(),
        after,
        all,
        rows,
        stage,
        keep,
        moving,
        server,
        captured);
  }

  RebuildState copied(@Nullable KeyPosition newAfter, boolean newAll, long more) {
    return new RebuildState(
        statement,
        showCreate,
        deferred,
        position,
        newAfter,
        newAll,
        rows + more,
        stage,
        keep,
        moving,
        server,
        captured);
  }

  RebuildState at(Stage newStage) {
    return new RebuildState(
        statement,
        showCreate,
        deferred,
        position,
        after,
        all,
        rows,
        newStage,
        keep,
        moving,
        server,
        captured);
  }

  RebuildState with(Keep newKeep) {
    return new RebuildState(
        statement,
        showCreate,
        deferred,
        position,
        after,
        all,
        rows,
        stage,
        newKeep,
        moving,
        server,
        captured);
  }

  /** Under the lock of the cut-over: what comes from here on is of the new shape. */
  RebuildState keepFrom(Position swapped) {
    var kept = keep;
    return kept == null
        ? this
        : with(new Keep(kept.seconds(), swapped.text(), 0, kept.keeper(), List.of()));
  }

  /**
   * After the swap.
   *
   * @param newShowCreate the table's text now
   * @param until as in {@link Keep}
   * @param now what hangs on the table now
   */
  RebuildState keeping(Keep kept, String newShowCreate, long until, Belongings now) {
    return new RebuildState(
        statement,
        newShowCreate,
        List.of(),
        kept.position(),
        null,
        true,
        rows,
        Stage.KEEPING,
        new Keep(kept.seconds(), kept.position(), until, kept.keeper(), List.of()),
        moving == null ? null : new Belongings.Moving(moving.mark(), now, null),
        server,
        captured);
  }

  CaptureBy by() {
    return captured == null ? CaptureBy.LOG : captured;
  }

  boolean byTriggers() {
    return by() == CaptureBy.TRIGGERS;
  }

  /** What hangs on the table. */
  Belongings belongings() {
    return moving == null ? Belongings.NONE : moving.before();
  }

  /** The tables are about to be swapped. */
  RebuildState moving(Belongings after) {
    return new RebuildState(
        statement,
        showCreate,
        deferred,
        position,
        this.after,
        all,
        rows,
        stage,
        keep,
        moving == null ? null : moving.to(after),
        server,
        captured);
  }

  /** Takes along what hangs on the table. */
  BelongingsMove move(String schema, ShadowNames names) {
    return new BelongingsMove(
        schema, names, moving == null ? new Belongings.Moving("", Belongings.NONE, null) : moving);
  }

  /** Rows that the old table cannot take. */
  List<Unfit> unfit() {
    return keep == null ? List.of() : keep.unfit();
  }

  RebuildState unfit(List<Unfit> rowsNow) {
    var kept = keep;
    return kept == null
        ? this
        : with(new Keep(kept.seconds(), kept.position(), kept.until(), kept.keeper(), rowsNow));
  }

  /** Whoever kept before must not write any more. */
  RebuildState takenOver() {
    var kept = keep;
    return kept == null
        ? this
        : with(
            new Keep(
                kept.seconds(), kept.position(), kept.until(), kept.keeper() + 1, kept.unfit()));
  }
}
