package dev.halcyon.pair.judge;

import dev.halcyon.model.Column;
import dev.halcyon.model.Engine;
import dev.halcyon.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The columns of one table before and after. */
final class ColumnDifferences {
  /** What two servers do not make alike. */
  private static final Pattern VOLATILE =
      Pattern.compile(
          "(?i).*\\b(current_timestamp|now|sysdate|curdate|curtime|localtime\\w*|utc_\\w+|uuid\\w*|"
              + "sys_guid|rand|random_bytes|nextval|connection_id|user|current_user)\\b.*");

  private final TableSchema before;
  private final TableSchema after;
  private final ColumnRenames renames;
  private final Engine engine;
  private final Conversions forward;
  private final Conversions backward;
  private final List<Verdict> verdicts = new ArrayList<>();

  ColumnDifferences(
      TableSchema before,
      TableSchema after,
      ColumnRenames renames,
      Engine engine,
      Conversions forward,
      Conversions backward) {
    this.before = before;
    this.after = after;
    this.renames = renames;
    this.engine = engine;
    this.forward = forward;
    this.backward = backward;
  }

  List<Verdict> verdicts() {
    var shifted = shifted();
    if (!shifted.isEmpty()) {
      verdicts.add(places(shifted));
    }
    int common = Math.min(before.columns().size(), after.columns().size());
    for (Column column : after.columns()) {
      var origin = before.column(renames.before(column.name()));
      if (origin.isPresent()) {
        same(origin.get(), column);
      } else if (after.columns().indexOf(column) >= common) {
        verdicts.add(addedAtEnd(column));
      }
    }
    for (Column column : before.columns().subList(common, before.columns().size())) {
      if (after.columns().stream().noneMatch(c -> renames.same(column, c))) {
        verdicts.add(droppedAtEnd(column));
      }
    }
    return verdicts;
  }

  /** Places at which the two shapes have different columns. */
  private List<Integer> shifted() {
    var places = new ArrayList<Integer>();
    for (int i = 0; i < Math.min(before.columns().size(), after.columns().size()); i++) {
      if (!renames.same(before.columns().get(i), after.columns().get(i))) {
        places.add(i);
      }
    }
    return places;
  }

  private Verdict places(List<Integer> shifted) {
    var first = shifted.getFirst();
    var what =
        "at place %d stands %s instead of %s"
            .formatted(
                first + 1, after.columns().get(first).name(), before.columns().get(first).name());
    return new Verdict(before.name(), what, displaced(shifted, true), displaced(shifted, false));
  }

  private Passage displaced(List<Integer> shifted, boolean ahead) {
    for (int place : shifted) {
      var old = before.columns().get(place);
      var young = after.columns().get(place);
      var from = ahead ? old : young;
      var to = ahead ? young : old;
      var passes = pass(type(from), type(to), ahead ? forward : backward);
      if (passes.effect() == Effect.STOPS) {
        return Passage.stops(
            "rows go by the place of a column, and %s does not fit %s there"
                .formatted(from.type(), to.type()));
      }
    }
    return Passage.corrupts(
        "rows go by the place of a column, and values land in the wrong columns");
  }

  private Verdict addedAtEnd(Column column) {
    var what = "column " + column.name() + " is added at the end";
    if (column.generated() != null) {
      return new Verdict(
          before.name(), what, Passage.free("each server computes it itself"), Passage.FREE);
    }
    if (column.autoIncrement() || isVolatile(column.defaultValue())) {
      return new Verdict(
          before.name(),
          what,
          Passage.corrupts("each server would give it a value of its own"),
          Passage.loses("its values do not reach the other server"));
    }
    return new Verdict(
        before.name(),
        what,
        Passage.FREE,
        Passage.loses("its values do not reach the other server"));
  }

  private Verdict droppedAtEnd(Column column) {
    return new Verdict(
        before.name(),
        "column " + column.name() + " at the end is dropped",
        Passage.FREE,
        column.generated() != null
            ? Passage.FREE
            : Passage.free("rows that are new have its default on the other server"));
  }

  /** A column that stops the applier brings no wrong values. */
  private void same(Column old, Column young) {
    if (!old.name().equalsIgnoreCase(young.name())) {
      verdicts.add(
          Verdict.harmless(
              before.name(), "column " + old.name() + " is renamed to " + young.name()));
    }
    var ahead = pass(type(old), type(young), forward);
    var back = pass(type(young), type(old), backward);
    if (!type(old).equals(type(young))) {
      verdicts.add(
          new Verdict(
              before.name(),
              "column %s becomes %s instead of %s"
                  .formatted(young.name(), young.type(), old.type()),
              ahead,
              back));
    }
    var meanings = new ArrayList<Verdict>();
    meaning(old, young, meanings);
    nullability(old, young, meanings);
    generation(old, young, meanings);
    for (Verdict verdict : meanings) {
      verdicts.add(
          new Verdict(
              verdict.table(),
              verdict.difference(),
              ahead.effect() == Effect.STOPS ? Passage.FREE : verdict.forward(),
              back.effect() == Effect.STOPS ? Passage.FREE : verdict.backward()));
    }
  }

  private RowType type(Column column) {
    return RowType.of(column, engine);
  }

  /** The log says how long values are, and only with permission does the applier convert. */
  private static Passage pass(RowType from, RowType to, Conversions allowed) {
    if (from.equals(to)) {
      return Passage.FREE;
    }
    if (from.widensTo(to) && allowed.nonLossy()) {
      return Passage.FREE;
    }
    if (from.family().equals(to.family()) && !from.widensTo(to) && allowed.lossy()) {
      return Passage.corrupts("the applier may convert with loss, and cuts what does not fit");
    }
    return Passage.stops("the applier does not convert it (error 1677, on MySQL 13146)");
  }

  /** What the log does not say of values. */
  private void meaning(Column old, Column young, List<Verdict> found) {
    if (RowType.unsigned(old) != RowType.unsigned(young)) {
      found.add(
          both(young, "has another sign", Passage.corrupts("the log does not tell the sign")));
    }
    var members = RowType.members(old);
    var next = RowType.members(young);
    boolean lists = type(old).family().equals(type(young).family());
    if (lists && !members.equals(next)) {
      var wrong = Passage.corrupts("the log has a member's number, not its name");
      var gone = Passage.corrupts("a member that is not known there arrives as empty text");
      found.add(
          new Verdict(
              before.name(),
              "column " + young.name() + " has other members",
              begins(next, members) ? Passage.FREE : begins(members, next) ? gone : wrong,
              begins(members, next) ? Passage.FREE : begins(next, members) ? gone : wrong));
    }
    if (isLong(old) && isLong(young)) {
      text(old, young, found);
    }
  }

  private static boolean begins(List<String> whole, List<String> part) {
    return whole.size() >= part.size() && whole.subList(0, part.size()).equals(part);
  }

  private static boolean isLong(Column column) {
    var type = column.type().toLowerCase(Locale.ROOT);
    return type.contains("char")
        || type.contains("text")
        || type.contains("blob")
        || type.contains("binary");
  }

  private void text(Column old, Column young, List<Verdict> found) {
    var from = characters(old);
    var to = characters(young);
    if (!from.equals(to)) {
      var reason = "the log has bytes, which mean something else in %s";
      found.add(
          new Verdict(
              before.name(),
              "column %s is in %s instead of %s".formatted(young.name(), to, from),
              contains(to, from) ? Passage.FREE : Passage.corrupts(reason.formatted(to)),
              contains(from, to) ? Passage.FREE : Passage.corrupts(reason.formatted(from))));
    } else if (!Objects.equals(old.collation(), young.collation())) {
      boolean unique = after.indexes().stream().anyMatch(i -> i.unique() && i.uses(young.name()));
      var clash =
          Passage.stops("what is one value in one collation may be two in the other (1062)");
      found.add(both(young, "has another collation", unique ? clash : Passage.FREE));
    }
  }

  /** Every text of the inner set has the same bytes in the outer one. */
  private static boolean contains(String outer, String inner) {
    return outer.equals("binary")
        || (inner.equals("ascii") && !outer.matches("ucs2|utf16(le)?|utf32"))
        || (inner.matches("utf8(mb3)?") && outer.equals("utf8mb4"));
  }

  private static String characters(Column column) {
    var set = column.characterSet();
    return set == null ? "binary" : set;
  }

  private void nullability(Column old, Column young, List<Verdict> found) {
    if (old.nullable() == young.nullable() || young.generated() != null) {
      return;
    }
    var silent = Passage.corrupts("NULL arrives as the default, or as 0 or ''");
    found.add(
        new Verdict(
            before.name(),
            "column %s becomes %s".formatted(young.name(), young.nullable() ? "NULL" : "NOT NULL"),
            young.nullable() ? Passage.FREE : silent,
            young.nullable() ? silent : Passage.FREE));
  }

  private void generation(Column old, Column young, List<Verdict> found) {
    var from = expression(old);
    var to = expression(young);
    if (from.equals(to)) {
      return;
    }
    var computed = Passage.corrupts("what arrives is not taken but computed there");
    found.add(
        new Verdict(
            before.name(),
            "column " + young.name() + " is computed in another way",
            to.isEmpty() ? Passage.FREE : computed,
            from.isEmpty() ? Passage.FREE : computed));
  }

  private static String expression(Column column) {
    var text = column.generated();
    return text == null ? "" : text.replaceFirst("(?i)\\s+(STORED|VIRTUAL|PERSISTENT)\\s*$", "");
  }

  private static boolean isVolatile(@Nullable String expression) {
    return expression != null && VOLATILE.matcher(expression).matches();
  }

  private Verdict both(Column column, String what, Passage passage) {
    return new Verdict(before.name(), "column " + column.name() + " " + what, passage, passage);
  }
}
