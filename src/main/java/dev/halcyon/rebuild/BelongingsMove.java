package dev.halcyon.rebuild;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Failure;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.model.TableSchema;
import dev.halcyon.mysql.Catalog;
import dev.halcyon.mysql.Fault;
import dev.halcyon.mysql.PatientDdl;
import dev.halcyon.mysql.Session;
import dev.halcyon.mysql.SteadySession;
import dev.halcyon.sql.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes the belongings of a table to the one that takes its place. Under the lock of the cut-over
 * they are made anew there, under passing names, because their own are still taken; after it they
 * get their own. At every moment at least one of both has each key and each trigger. Whatever is
 * not as it should be is found by looking, so each of these can be done again.
 *
 * <p>For one thread.
 */
final class BelongingsMove {
  private static final String IN_PLACE = ", ALGORITHM=INPLACE";

  private final String schema;
  private final ShadowNames names;
  private final Belongings.Moving moving;
  private final Belongings before;
  private final Belongings after;

  BelongingsMove(String schema, ShadowNames names, Belongings.Moving moving) {
    this.schema = schema;
    this.names = names;
    this.moving = moving;
    this.before = moving.before();
    this.after = moving.after() == null ? moving.before() : moving.after();
  }

  /** Runs a statement that others may stand in the way of. */
  interface Ddl {
    void run(String table, String sql);
  }

  boolean none() {
    return before.none();
  }

  /** After the swap: puts everything in its place, however far a run before this one came. */
  void settle(RebuildContext context, SteadySession steady) {
    if (none()) {
      return;
    }
    steadily(
        steady,
        session -> {
          var ddl = ddl(context, session);
          settle(session, ddl::run);
          if (triggersUnnamed(session)) {
            nameTriggers(context);
          }
          var orphans = Orphans.of(session, schema, after);
          if (!orphans.isEmpty()) {
            throw new Failure(
                ErrorCode.MISMATCH,
                "prove the foreign keys of " + names.table(),
                String.join("; ", orphans),
                "The tables are swapped, and the keys hold for every new row.",
                "Mend or delete these rows, then type the same command again.",
                null);
          }
        });
  }

  /** After a swap that did not come, however it was interrupted. */
  void undo(RebuildContext context, SteadySession steady) {
    if (!none()) {
      steadily(steady, session -> undo(context, session));
    }
  }

  void undo(RebuildContext context, Session session) {
    undo(session, ddl(context, session)::run);
  }

  static void steadily(SteadySession steady, Consumer<Session> work) {
    while (true) {
      try {
        work.accept(steady.session());
        return;
      } catch (Fault.Broken | Fault.OutcomeUnknown lost) {
        steady.reopen(lost);
      }
    }
  }

  private PatientDdl ddl(RebuildContext context, Session session) {
    return patient(context, session, names.table());
  }

  /** Gives way to the application. */
  static PatientDdl patient(RebuildContext context, Session session, String table) {
    return new PatientDdl(
        session, context.server()::open, context.waits(), context.events(), table, CutOver.STEP);
  }

  /** Under the lock, when the new table has every row: gives it all under passing names. */
  void attach(Session session) {
    if (!after.keys().isEmpty()) {
      session.execute(
          moving.alter(names.shadow())
              + list(
                  IntStream.range(0, after.keys().size())
                      .mapToObj(
                          i -> {
                            var key = after.keys().get(i);
                            return Belongings.add(
                                session.engine(),
                                key,
                                key(i),
                                Belongings.ofItself(key) ? names.shadow() : key.referencedTable());
                          })));
    }
    for (var child : after.children()) {
      session.execute(
          moving.alter(child)
              + list(
                  of(child)
                      .mapToObj(
                          i ->
                              Belongings.add(
                                  session.engine(),
                                  after.pointing().get(i),
                                  pointing(i),
                                  names.shadow()))));
    }
    for (var i = 0; i < after.triggers().size(); i++) {
      var trigger = after.triggers().get(i);
      create(session, trigger, trigger(i), names.shadow(), session::execute);
    }
  }

  /**
   * Under the lock: nothing points at the old table any more, and it at nothing.
   *
   * @param old its present name
   */
  void detach(Session session, String old) {
    if (none()) {
      return;
    }
    dropKeys(session, old, (_, sql) -> session.execute(sql));
    for (var child : before.children()) {
      session.execute(
          moving.alter(child)
              + list(of(child).mapToObj(i -> drop(before.pointing().get(i).name()))));
    }
  }

  /** After the swap: the old table loses what is left, and all keys get their own names. */
  private void settle(Session session, Ddl ddl) {
    if (table(session, names.old()) != null) {
      dropKeys(session, names.old(), ddl);
      Belongings.triggers(session, schema, names.old())
          .forEach(t -> ddl.run(names.old(), "DROP TRIGGER " + Sql.name(t.trigger().name())));
    }
    ownKeys(session, names.table(), after.keys(), this::key, ddl);
    for (var child : after.children()) {
      dropPointing(session, child, names.old(), ddl);
      ownKeys(session, child, after.pointing(), this::pointing, ddl);
    }
    restoreIndexNames(session, after.indexes(), ddl);
  }

  /**
   * The triggers get their own names. For each, both statements go to the server at once: if this
   * program is gone in between, the table must not be left without the trigger, or with both.
   */
  private void nameTriggers(RebuildContext context) {
    try (var session = context.server().several().open("triggers of " + names.table())) {
      ddl(context, session).underWriteLock(List.of(names.table()), () -> nameTriggers(session));
    }
  }

  private void nameTriggers(Session session) {
    var there =
        Catalog.triggers(session, schema, List.of(names.table())).stream()
            .map(t -> t.name())
            .toList();
    for (var i = 0; i < after.triggers().size(); i++) {
      var trigger = after.triggers().get(i);
      var drop = there.contains(trigger(i)) ? "DROP TRIGGER " + Sql.name(trigger(i)) + ";\n" : "";
      if (!there.contains(trigger.trigger().name())) {
        create(
            session,
            trigger,
            trigger.trigger().name(),
            names.table(),
            sql -> session.execute(drop + sql));
      } else if (!drop.isEmpty()) {
        session.execute(drop);
      }
    }
  }

  /** Whether {@link #nameTriggers} has something to do. */
  private boolean triggersUnnamed(Session session) {
    var there =
        Catalog.triggers(session, schema, List.of(names.table())).stream()
            .map(t -> t.name())
            .toList();
    return !there.containsAll(after.triggers().stream().map(t -> t.trigger().name()).toList())
        || IntStream.range(0, after.triggers().size()).anyMatch(i -> there.contains(trigger(i)));
  }

  /**
   * Before a swap that did not come: all is at the old table as it was, and nothing at the new one.
   */
  void undo(Session session, Ddl ddl) {
    if (before.none()) {
      return;
    }
    var shadow = table(session, names.shadow());
    if (shadow != null) {
      for (var i = 0; i < before.triggers().size(); i++) {
        ddl.run(names.shadow(), "DROP TRIGGER IF EXISTS " + Sql.name(trigger(i)));
      }
    }
    ownKeys(session, names.table(), before.keys(), this::key, ddl);
    for (var child : before.children()) {
      ownKeys(session, child, before.pointing(), this::pointing, ddl);
    }
    if (shadow != null) {
      dropKeys(session, names.shadow(), ddl);
    }
    restoreIndexNames(session, before.indexes(), ddl);
  }

  /** Gives a table those keys under their own names, and takes away those with passing ones. */
  private void ownKeys(
      Session session, String name, List<ForeignKey> keys, Passing passing, Ddl ddl) {
    var there = table(session, name);
    if (there == null) {
      return;
    }
    var present = there.foreignKeys().stream().map(ForeignKey::name).toList();
    var parts = new ArrayList<String>();
    for (var i = 0; i < keys.size(); i++) {
      var key = keys.get(i);
      if (!key.table().equalsIgnoreCase(name)) {
        continue;
      }
      if (!present.contains(key.name())) {
        parts.add(
            Belongings.add(
                session.engine(),
                key,
                key.name(),
                Belongings.ofItself(key) ? names.table() : key.referencedTable()));
      }
      if (present.contains(passing.name(i))) {
        parts.add(drop(passing.name(i)));
      }
    }
    if (!parts.isEmpty()) {
      ddl.run(name, moving.alter(name) + list(parts.stream()));
    }
  }

  private interface Passing {
    String name(int number);
  }

  private void dropKeys(Session session, String name, Ddl ddl) {
    var there = table(session, name);
    if (there != null && !there.foreignKeys().isEmpty()) {
      ddl.run(
          name, moving.alter(name) + list(there.foreignKeys().stream().map(k -> drop(k.name()))));
    }
  }

  private void dropPointing(Session session, String child, String parent, Ddl ddl) {
    var there = table(session, child);
    if (there == null) {
      return;
    }
    var stale =
        there.foreignKeys().stream()
            .filter(key -> key.referencedTable().equalsIgnoreCase(parent))
            .map(key -> drop(key.name()))
            .toList();
    if (!stale.isEmpty()) {
      ddl.run(child, moving.alter(child) + list(stale.stream()));
    }
  }

  /** An index that a key has brought with it takes the name of whatever key comes next. */
  private void restoreIndexNames(Session session, List<Belongings.OwnIndex> wanted, Ddl ddl) {
    for (var index : wanted) {
      var there = table(session, index.table());
      if (there == null || there.index(index.name()).isPresent()) {
        continue;
      }
      var names =
          wanted.stream()
              .filter(other -> other.table().equals(index.table()))
              .map(Belongings.OwnIndex::name)
              .toList();
      there.indexes().stream()
          .filter(i -> i.columns().equals(index.columns()) && i.kind().equals("BTREE"))
          .map(Index::name)
          .filter(name -> !names.contains(name))
          .findFirst()
          .ifPresent(
              now ->
                  ddl.run(
                      index.table(),
                      moving.alter(index.table())
                          + "RENAME INDEX %s TO %s".formatted(Sql.name(now), Sql.name(index.name()))
                          + IN_PLACE));
    }
  }

  /** Under the settings that it was first made under; a text beyond ASCII stays as it is sent. */
  static void create(
      Session session,
      Belongings.OwnTrigger own,
      String name,
      String table,
      Consumer<String> execute) {
    var trigger = own.trigger();
    var sql = Belongings.create(trigger, name, table);
    var was =
        session
            .first(
                "SELECT @@character_set_client AS characters, @@collation_connection AS literals,"
                    + " @@session_track_system_variables AS tracked")
            .orElseThrow();
    var plain = sql.chars().allMatch(c -> c < 0x80);
    try {
      // The driver lets go of a connection whose character set changes, if it is told.
      session.execute("SET SESSION session_track_system_variables = ''");
      set(
          session,
          plain ? own.characters() : was.string("characters"),
          trigger.collation(),
          Sql.literal(trigger.sqlMode()));
      execute.accept(sql);
    } finally {
      set(session, was.string("characters"), was.string("literals"), "@@SESSION.sql_mode");
      session.execute(
          "SET SESSION session_track_system_variables = " + Sql.literal(was.string("tracked")));
      Modes.mapping(session);
    }
  }

  private static void set(Session session, String characters, String collation, String mode) {
    session.execute(
        "SET SESSION character_set_client = %s, SESSION collation_connection = %s,"
                .formatted(characters, collation)
            + " SESSION sql_mode = "
            + mode);
  }

  private @Nullable TableSchema table(Session session, String name) {
    return Catalog.table(session, schema, name).orElse(null);
  }

  private IntStream of(String child) {
    return IntStream.range(0, after.pointing().size())
        .filter(i -> after.pointing().get(i).table().equalsIgnoreCase(child));
  }

  private String key(int number) {
    return Belongings.passing(names.table(), 'k', number);
  }

  private String pointing(int number) {
    return Belongings.passing(names.table(), 'p', number);
  }

  private String trigger(int number) {
    return Belongings.passing(names.table(), 't', number);
  }

  private static String drop(String key) {
    return "DROP FOREIGN KEY " + Sql.name(key);
  }

  private static String list(Stream<String> parts) {
    return String.join(", ", parts.toList()) + IN_PLACE;
  }
}
