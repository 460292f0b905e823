package dev.halcyon.rebuild;

import dev.halcyon.binlog.Positions;
import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Refusal;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Looks whether a table can be rebuilt, and makes the shadow table. For one thread. */
final class Preparation {
  private final Session session;
  private final String schema;
  private final Statement.AlterTable alter;
  private final ShadowNames names;
  private final List<Finding> findings = new ArrayList<>();

  private Preparation(Session session, String schema, Statement.AlterTable alter) {
    this.session = session;
    this.schema = schema;
    this.alter = alter;
    this.names = ShadowNames.of(alter.table());
  }

  /**
   * @param text one {@code ALTER TABLE}
   * @throws Refusal HAL-210 or 301 if it is not
   */
  static Preparation of(Session session, String schema, String text) {
    var parsed = Ddl.parse(session.engine(), schema, new SourceFile("(the statement)", text));
    var errors = parsed.findings().stream().filter(f -> f.level() == Finding.Level.ERROR).toList();
    if (!errors.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, errors);
    }
    if (parsed.statements().size() != 1
        || !(parsed.statements().getFirst() instanceof Statement.AlterTable alter)
        || alter.clauses().isEmpty()) {
      throw ErrorCode.NOT_SUPPORTED.refuse(
          "This is not one ALTER TABLE.", "Give one ALTER TABLE, in quotes.");
    }
    return new Preparation(session, schema, alter);
  }

  ShadowNames names() {
    return names;
  }

  /** A table's own text without its counter, to tell whether it has changed. */
  static String shape(String showCreate) {
    return showCreate.replaceFirst("(\\) ENGINE=\\S+) AUTO_INCREMENT=\\d+", "$1");
  }

  /**
   * Makes the shadow table, without the indexes that come last.
   *
   * @throws Refusal with everything that stands against it
   */
  RebuildState create(String statement) {
    var source = source();
    refuseUnsuitable(source);
    refuseNames();
    var text = shape(source.showCreate());
    try {
      session.execute(
          "CREATE TABLE " + Sql.name(names.shadow()) + " LIKE " + Sql.name(names.table()));
      session.execute(
          alter.clauses().stream()
              .map(AlterClause::text)
              .collect(
                  Collectors.joining(
                      ", ", "ALTER TABLE " + Sql.name(names.shadow()) + " ", ", ALGORITHM=COPY")));
      var shapes = shapes(source);
      var deferred =
          shapes.deferred().stream()
              .map(
                  index ->
                      new RebuildState.Deferred(
                          index.name(),
                          index.definition(index.name())
                              + (index.visible() ? "" : hidden(session.engine())),
                          index.unique(),
                          index.columns()))
              .toList();
      if (!deferred.isEmpty()) {
        session.execute(
            deferred.stream()
                .map(index -> "DROP INDEX " + Sql.name(index.name()))
                .collect(
                    Collectors.joining(", ", "ALTER TABLE " + Sql.name(names.shadow()) + " ", "")));
      }
      return new RebuildState(
          statement, text, deferred, Positions.now(session).text(), null, false, 0, false);
    } catch (Fault.Refused refused) {
      session.execute("DROP TABLE IF EXISTS " + Sql.name(names.shadow()));
      throw ErrorCode.SERVER_REFUSED.refuse(
          refused.detail(), "Mend the statement, or what the server names.");
    } catch (Refusal refusal) {
      session.execute("DROP TABLE IF EXISTS " + Sql.name(names.shadow()));
      throw refusal;
    }
  }

  private static String hidden(Engine engine) {
    return switch (engine) {
      case MYSQL -> " INVISIBLE";
      case MARIADB -> " IGNORED";
    };
  }

  /** The shapes as they stand, after {@link #create} or when a run goes on. */
  Shapes shapes() {
    return shapes(source());
  }

  private Shapes shapes(TableSchema source) {
    var shadow =
        Catalog.table(session, schema, names.shadow())
            .orElseThrow(
                () ->
                    ErrorCode.DRIFT.refuse(
                        "The table " + names.shadow() + " is gone.",
                        "Begin again: delete the row of this table from halcyon_rebuild."));
    var columns = ColumnMap.of(source, shadow, alter.clauses());
    var key = source.chunkKey().orElseThrow(this::noKey).columns();
    for (var column : key) {
      if (!columns.maps(column)) {
        throw noKey();
      }
      requireSameOrder(columns.of(column));
    }
    var shapes = new Shapes(schema, names, source, shadow, columns, key);
    var unique =
        shadow.indexes().stream()
            .anyMatch(i -> i.unique() && i.columns().equals(shapes.shadowKey()));
    if (!unique) {
      throw noKey();
    }
    var _ = TableKey.read(session, names.table(), key);
    return shapes;
  }

  private Refusal noKey() {
    return ErrorCode.NO_KEY.refuse(
        "Table %s has no key of whole columns without NULL that is in both shapes."
            .formatted(names.table()),
        "Give the table a primary key first, or change it in a statement of its own.");
  }

  private void requireSameOrder(ColumnMap.Pair pair) {
    var same =
        Objects.equals(pair.from().characterSet(), pair.to().characterSet())
            && Objects.equals(pair.from().collation(), pair.to().collation());
    var listed = List.of("enum", "set", "timestamp").contains(ColumnMap.word(pair.from()));
    if (!same || (listed && !pair.from().type().equals(pair.to().type()))) {
      throw ErrorCode.NOT_SUPPORTED.refuse(
          "The change gives the key column %s another order.".formatted(pair.from().name()),
          "Leave the key's column as it is in this statement.");
    }
  }

  private TableSchema source() {
    return Catalog.table(session, schema, names.table())
        .orElseThrow(
            () ->
                ErrorCode.SERVER_REFUSED.refuse(
                    "There is no table " + names.table() + ".", "Name a table of this schema."));
  }

  private void refuseNames() {
    for (var name : List.of(names.shadow(), names.old())) {
      if (session
          .first(
              "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
              schema,
              name)
          .isPresent()) {
        throw ErrorCode.STATE_WRONG.refuse(
            "The table " + name + " is there already, and no rebuild of ours has made it.",
            "Look whose it is; DROP TABLE " + Sql.name(name) + " if it is nobody's.");
      }
    }
  }

  private void refuseUnsuitable(TableSchema source) {
    if (!source.engine().equalsIgnoreCase("InnoDB")) {
      add(ErrorCode.NOT_SUPPORTED, "Table %s is not InnoDB.", "ALTER TABLE %s ENGINE=InnoDB");
    }
    if (!source.foreignKeys().isEmpty()
        || !Catalog.referencing(session, schema, List.of(source.name())).isEmpty()) {
      add(
          ErrorCode.NOT_SUPPORTED,
          "Foreign keys of or to table %s would be left behind.",
          "Change %s with the server's own ALTER TABLE.");
    }
    if (!source.triggers().isEmpty()) {
      add(
          ErrorCode.NOT_SUPPORTED,
          "Triggers on table %s would be left behind.",
          "Drop the triggers of %s and make them again afterwards.");
    }
    if (source.showCreate().contains("WITH SYSTEM VERSIONING")) {
      add(
          ErrorCode.NOT_SUPPORTED,
          "Table %s is system-versioned.",
          "Change %s with the server's own ALTER TABLE.");
    }
    for (var clause : alter.clauses()) {
      switch (clause) {
        case AlterClause.RenameTable rename -> refuseClause(rename.text());
        case AlterClause.AddForeignKey foreignKey -> refuseClause(foreignKey.text());
        default -> {}
      }
    }
    unreadable(source).forEach(column -> refuseColumn(column));
    Readiness.check(session, findings);
    if (source.chunkKey().isEmpty()) {
      throw noKey();
    }
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.FAILED, findings);
    }
  }

  private static List<Column> unreadable(TableSchema source) {
    return source.columns().stream().filter(c -> !Readiness.readable(c)).toList();
  }

  private void refuseColumn(Column column) {
    add(
        ErrorCode.NOT_SUPPORTED,
        "Column " + column.name() + " of table %s is of type " + column.type() + ".",
        "Change %s with the server's own ALTER TABLE.");
  }

  private void refuseClause(String text) {
    add(
        ErrorCode.NOT_SUPPORTED,
        "A rebuild of %s does not do: " + text.replace("%", "%%"),
        "Give %s this clause in a statement of its own.");
  }

  private void add(ErrorCode code, String message, String remedy) {
    findings.add(
        Finding.error(
            code.code(),
            null,
            message.formatted(names.table()),
            remedy.formatted(Sql.name(names.table()))));
  }
}
