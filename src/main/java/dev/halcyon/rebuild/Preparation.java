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
import dev.halcyon.mysql.Neighbours;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.ServerIdentity;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.TableKey;
import dev.halcyon.plan.Delta;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Ddl;
import dev.halcyon.sql.SourceFile;
import dev.halcyon.sql.Sql;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks whether a table can be rebuilt, and makes the shadow table. For one thread. */
final class Preparation {
  private final Session session;
  private final String schema;
  private final Statement.AlterTable alter;
  private final ShadowNames names;

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

  /** The same change in another schema. */
  Preparation in(Session other, String otherSchema) {
    return new Preparation(other, otherSchema, alter);
  }

  /** The statement with its clauses as they were given, without algorithm and lock. */
  String alter(String table) {
    return alter.clauses().stream()
        .map(AlterClause::text)
        .collect(Collectors.joining(", ", "ALTER TABLE " + Sql.name(table) + " ", ""));
  }

  List<AlterClause> clauses() {
    return alter.clauses();
  }

  /** What of the table as it is stands against a rebuild. */
  List<Finding> unsuitable(CaptureBy by) {
    return Suitability.of(session, schema, source(), alter.clauses(), by);
  }

  /** A table's own text without its counter, to tell whether it has changed. */
  static String shape(String showCreate) {
    return showCreate.replaceFirst("(\\) ENGINE=\\S+) AUTO_INCREMENT=\\d+", "$1");
  }

  /**
   * @throws Refusal with everything that stands against the change, before anything is made
   */
  void requireSuitable(Neighbours neighbours, CaptureBy by) {
    var findings = new ArrayList<>(unsuitable(by));
    SoleWriter.check(session, neighbours, by, findings);
    if (!findings.isEmpty()) {
      throw new Refusal(ErrorCode.exitStatus(findings), findings);
    }
  }

  /**
   * Whether the change could be done as a rebuild, by trying it on the table as it stands here,
   * which is a copy in a scratch schema.
   *
   * @param expected what the server's own ALTER TABLE has made of the table's parts
   * @param belongings of the real table
   * @return what stands against it
   */
  List<Finding> examine(List<Delta> expected, Belongings belongings, CaptureBy by) {
    try {
      var source = source();
      var findings = Suitability.of(session, schema, source, alter.clauses(), by);
      if (!findings.isEmpty()) {
        return findings;
      }
      makeShadow(source);
      var shapes = shapes(source);
      var unmovable = immovable(belongings, shapes);
      return unmovable.isEmpty()
          ? differing(expected, TableShape.elements(inItsPlace(shapes.shadow().showCreate())))
          : unmovable;
    } catch (Refusal refusal) {
      return refusal.findings();
    } finally {
      dropShadow();
    }
  }

  private List<Finding> differing(List<Delta> expected, Map<String, String> made) {
    return expected.stream()
        .filter(delta -> !Objects.equals(delta.after(), made.get(delta.element())))
        .filter(delta -> !Suitability.isForeignKey(delta.after()))
        .map(
            delta ->
                Finding.error(
                    ErrorCode.NOT_SUPPORTED.code(),
                    null,
                    "A rebuild of %s would leave %s as %s, not as %s."
                        .formatted(
                            names.table(),
                            delta.element(),
                            made.get(delta.element()),
                            delta.after()),
                    "Change " + Sql.name(names.table()) + " with the server's own ALTER TABLE."))
        .toList();
  }

  /**
   * Makes the shadow table, without the indexes that come last.
   *
   * @param keep null if the old table goes after the swap
   * @throws Refusal when the server or a part of the table stands against it; nothing is left then
   */
  RebuildState create(String statement, RebuildState.@Nullable Keep keep, CaptureBy by) {
    var source = source();
    try {
      makeShadow(source);
      var shapes = shapes(source);
      var belongings = Belongings.read(session, schema, source);
      requireMovable(belongings, shapes);
      if (keep != null) {
        var _ = Backward.shapes(shapes.shadow(), source, names, schema, alter.clauses());
      }
      var deferred = deferred(shapes);
      if (!deferred.isEmpty()) {
        session.execute(
            deferred.stream()
                .map(index -> "DROP INDEX " + Sql.name(index.name()))
                .collect(
                    Collectors.joining(", ", "ALTER TABLE " + Sql.name(names.shadow()) + " ", "")));
      }
      return new RebuildState(
          statement,
          shape(source.showCreate()),
          deferred,
          by == CaptureBy.LOG ? Positions.now(session).text() : "",
          null,
          false,
          0,
          RebuildState.Stage.WORKING,
          keep,
          new Belongings.Moving("halcyon " + UUID.randomUUID(), belongings, null),
          ServerIdentity.of(session),
          by);
    } catch (Refusal refusal) {
      dropShadow();
      throw refusal;
    }
  }

  void dropShadow() {
    session.execute("DROP TABLE IF EXISTS " + Sql.name(names.shadow()));
  }

  /**
   * What of all that hangs on the table cannot hang on the shadow table: triggers are made there
   * and dropped again, before the first row comes.
   */
  private List<Finding> immovable(Belongings belongings, Shapes shapes) {
    var findings = new ArrayList<>(Suitability.ofBelongings(belongings, shapes));
    for (var own : belongings.triggers()) {
      try {
        var name = Belongings.passing(names.table(), 't', 0);
        BelongingsMove.create(session, own, name, names.shadow(), session::execute);
        session.execute("DROP TRIGGER " + Sql.name(name));
      } catch (Fault.Refused refused) {
        findings.add(
            Finding.error(
                ErrorCode.NOT_SUPPORTED.code(),
                null,
                "The trigger %s of %s could not come along: %s"
                    .formatted(own.trigger().name(), names.table(), refused.detail()),
                "Drop the trigger, or make it fit the new shape and what the server asks for."));
      }
    }
    return findings;
  }

  /**
   * @throws Refusal HAL-301 for what cannot come along, HAL-311 for rows that stand against a key
   */
  private void requireMovable(Belongings belongings, Shapes shapes) {
    var findings = immovable(belongings, shapes);
    if (!findings.isEmpty()) {
      throw new Refusal(ExitStatus.FINDINGS, findings);
    }
    var orphans = Orphans.of(session, schema, belongings);
    if (!orphans.isEmpty()) {
      throw ErrorCode.DATA_DOES_NOT_FIT.refuse(
          String.join("; ", orphans), "Mend or delete these rows first.");
    }
  }

  private void makeShadow(TableSchema source) {
    try {
      Modes.defining(session);
      session.execute(
          "CREATE TABLE " + Sql.name(names.shadow()) + " LIKE " + Sql.name(names.table()));
      var like = Catalog.table(session, schema, names.shadow()).orElseThrow().showCreate();
      var findings = Suitability.ofCopy(source, inItsPlace(like));
      if (!findings.isEmpty()) {
        throw new Refusal(ExitStatus.FINDINGS, findings);
      }
      session.execute(alter(names.shadow()) + ", ALGORITHM=COPY");
    } catch (Fault.Refused refused) {
      throw ErrorCode.SERVER_REFUSED.refuse(
          refused.detail(), "Mend the statement, or what the server names.");
    } finally {
      Modes.mapping(session);
    }
  }

  /** The shadow's own text as it will read when the shadow has the table's name. */
  private String inItsPlace(String showCreate) {
    return showCreate
        .replace(Sql.name(names.shadow()), Sql.name(names.table()))
        .replace("`" + names.shadow() + "_chk_", "`" + names.table() + "_chk_");
  }

  private List<RebuildState.Deferred> deferred(Shapes shapes) {
    return shapes.deferred().stream()
        .map(
            index ->
                new RebuildState.Deferred(
                    index.name(),
                    index.definition(index.name())
                        + (index.visible() ? "" : hidden(session.engine())),
                    index.unique(),
                    index.columns()))
        .toList();
  }

  private static String hidden(Engine engine) {
    return switch (engine) {
      case MYSQL -> " INVISIBLE";
      case MARIADB -> " IGNORED";
    };
  }

  /**
   * The way back, before the swap.
   *
   * @throws Refusal HAL-301 when the old table could not follow the new one
   */
  Shapes requireWayBack() {
    var shapes = shapes();
    return Backward.shapes(shapes.shadow(), shapes.source(), names, schema, alter.clauses());
  }

  /**
   * Has triggers write down which rows are touched from now on.
   *
   * @throws Refusal when the server does not take the triggers
   */
  void capture(PatientDdl ddl, RebuildState.@Nullable Keep keep) {
    var there = new CaptureTable(schema, names.touched());
    try {
      there.create(session, keyColumns(shapes()));
      if (keep != null) {
        captureBack();
      }
      there.attach(session, ddl::run, names.table());
    } catch (Fault.Refused refused) {
      there.drop(session, ddl::run);
      session.execute("DROP TABLE IF EXISTS " + Sql.name(names.back().touched()));
      throw ErrorCode.SERVER_REFUSED.refuse(refused.detail(), "Mend what the server names.");
    }
  }

  /** Makes the table for what triggers will tell of the new table. */
  void captureBack() {
    new CaptureTable(schema, names.back().touched()).create(session, keyColumns(requireWayBack()));
  }

  private static List<Column> keyColumns(Shapes shapes) {
    return shapes.key().stream()
        .map(column -> shapes.source().column(column).orElseThrow())
        .toList();
  }

  /** The way back, after the swap. */
  Shapes wayBack() {
    var former = Catalog.table(session, schema, names.old()).orElseThrow(this::oldIsGone);
    return Backward.shapes(source(), former, names, schema, alter.clauses());
  }

  private Refusal oldIsGone() {
    return ErrorCode.DRIFT.refuse(
        "The old table " + names.old() + " is gone.",
        "It cannot be gone back to: halcyon alter --abort " + names.table());
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
    var shapes = new Shapes(schema, names, source, shadow, columns, key, null);
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
    return Suitability.noKey(names.table());
  }

  static void requireSameOrder(ColumnMap.Pair pair) {
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

  TableSchema source() {
    return Catalog.table(session, schema, names.table())
        .orElseThrow(
            () ->
                ErrorCode.SERVER_REFUSED.refuse(
                    "There is no table " + names.table() + ".", "Name a table of this schema."));
  }

  /**
   * @throws Refusal HAL-603 when a table of somebody else's has one of our names
   */
  void requireFreeNames() {
    for (var name : List.of(names.shadow(), names.old(), names.touched(), names.back().touched())) {
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
}
