package dev.halcyon.rebuild;

import dev.halcyon.binlog.Position;
import dev.halcyon.mysql.KeyPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a rebuild came, as one value that is stored.
 *
 * @param statement the change as it was asked for
 * @param showCreate the table's own text when the rebuild began
 * @param deferred indexes that the shadow table gets when all rows are there
 * @param position up to which captured changes are in the shadow table, as {@link Position#text}
 * @param after the last key that is copied; null before the first
 * @param all whether every key is copied, those to come included
 * @param rows copied
 * @param stage what may have happened to the tables
 */
record RebuildState(
    String statement,
    String showCreate,
    List<Deferred> deferred,
    String position,
    @Nullable KeyPosition after,
    boolean all,
    long rows,
    Stage stage) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** What a run that goes on has to look for. */
  enum Stage {
    /** The shadow table is being made; whatever stands under its name is ours, and no use. */
    PREPARING,
    WORKING,
    /** The names may have changed. */
    SWAPPING,
    /** The names have changed; what is left of the old table goes. */
    SWAPPED
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

  RebuildState {
    deferred = List.copyOf(deferred);
  }

  /** Before the shadow table is made. */
  static RebuildState preparing(String statement) {
    return new RebuildState(statement, "", List.of(), "", null, false, 0, Stage.PREPARING);
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
        statement, showCreate, deferred, newPosition.text(), after, all, rows, stage);
  }

  RebuildState copied(@Nullable KeyPosition newAfter, boolean newAll, long more) {
    return new RebuildState(
        statement, showCreate, deferred, position, newAfter, newAll, rows + more, stage);
  }

  RebuildState at(Stage newStage) {
    return new RebuildState(statement, showCreate, deferred, position, after, all, rows, newStage);
  }
}
