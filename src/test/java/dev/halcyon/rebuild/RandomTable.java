package dev.halcyon.rebuild;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A table {@code t} drawn from a random source, statements that write to it, and a change of it.
 * For one thread, but for {@link #write}.
 */
final class RandomTable {
  /** So few that writes meet each other. */
  private static final int VALUES = 60;

  private static final int UNIQUE = 200;

  private static final List<String> WORDS =
      List.of("", "a", "A", "é", "zebra", "Ünder", "x y", "quote''s", "b\\\\s", "%_");

  private final List<Column> key;
  private final List<Column> columns = new ArrayList<>();
  private final List<String> indexes = new ArrayList<>();
  private final boolean generated;

  /** What a column can hold, and what may become of it. */
  private enum Kind {
    INT("INT", "BIGINT", "INT UNSIGNED"),
    SMALLINT("SMALLINT", "INT", "TINYINT"),
    UNSIGNED("BIGINT UNSIGNED", "DECIMAL(22,0)", "BIGINT"),
    DECIMAL("DECIMAL(10,3)", "DECIMAL(14,4)", "DECIMAL(8,1)"),
    DOUBLE("DOUBLE", "DOUBLE", "FLOAT"),
    TEXT("VARCHAR(40) CHARACTER SET utf8mb4", "TEXT CHARACTER SET utf8mb4", "VARCHAR(4)"),
    LATIN("VARCHAR(30) CHARACTER SET latin1", "VARCHAR(50) CHARACTER SET utf8mb4", "CHAR(30)"),
    CHAR("CHAR(8) CHARACTER SET utf8mb4", "VARCHAR(12) CHARACTER SET utf8mb4", "CHAR(3)"),
    BYTES("VARBINARY(12)", "VARBINARY(300)", "VARBINARY(3)"),
    FIXED("BINARY(4)", "BINARY(6)", "VARBINARY(4)"),
    BLOB("BLOB", "LONGBLOB", "TINYBLOB"),
    DATETIME("DATETIME(3)", "DATETIME(6)", "DATE"),
    TIMESTAMP("TIMESTAMP NULL", "DATETIME", "TIMESTAMP(2) NULL"),
    DATE("DATE", "DATETIME", "DATE"),
    TIME("TIME(2)", "TIME(5)", "TIME"),
    ENUM("ENUM('new', 'old', 'é')", "ENUM('old', 'new', 'é', 'more')", "VARCHAR(20)"),
    SET("SET('a', 'b', 'c')", "SET('a', 'b', 'c', 'd')", "VARCHAR(20)"),
    BIT("BIT(5)", "BIT(20)", "BIT(5)"),
    JSON("JSON", "LONGTEXT", "JSON");

    private final String type;
    private final String wider;
    private final String other;

    Kind(String type, String wider, String other) {
      this.type = type;
      this.wider = wider;
      this.other = other;
    }

    boolean indexable() {
      return this != BLOB && this != JSON;
    }
  }

  private record Column(String name, Kind kind, boolean nullable) {
    String definition(String type) {
      return "%s %s%s".formatted(name, type, nullable || type.endsWith(" NULL") ? "" : " NOT NULL");
    }
  }

  RandomTable(Random random) {
    this.key =
        switch (random.nextInt(7)) {
          case 0 -> List.of(keyed("k", Kind.INT));
          case 1 -> List.of(keyed("k", Kind.UNSIGNED));
          case 2 -> List.of(keyed("k", Kind.TEXT));
          case 3 -> List.of(keyed("k", Kind.BYTES));
          case 4 -> List.of(keyed("k", Kind.INT), keyed("k2", Kind.TEXT));
          case 5 -> List.of(keyed("k", Kind.FIXED), keyed("k2", Kind.SMALLINT));
          default -> List.of(keyed("k", Kind.DATE), keyed("k2", Kind.ENUM));
        };
    var kinds = Kind.values();
    var count = 2 + random.nextInt(5);
    for (var i = 0; i < count; i++) {
      var kind = kinds[random.nextInt(kinds.length)];
      columns.add(new Column("c" + i, kind, kind == Kind.TIMESTAMP || random.nextBoolean()));
    }
    columns.add(new Column("u", Kind.INT, true));
    if (random.nextBoolean()) {
      indexes.add("UNIQUE KEY uu (u)");
    }
    columns.stream()
        .filter(column -> column.kind().indexable() && random.nextInt(3) == 0)
        .forEach(column -> indexes.add("KEY i_%s (%1$s)".formatted(column.name())));
    this.generated = random.nextInt(3) == 0;
  }

  private static Column keyed(String name, Kind kind) {
    return new Column(name, kind, false);
  }

  String create() {
    var parts = new ArrayList<String>();
    key.forEach(column -> parts.add(column.definition(column.kind().type)));
    columns.forEach(column -> parts.add(column.definition(column.kind().type)));
    if (generated) {
      parts.add("g BIGINT GENERATED ALWAYS AS (u * 2) STORED");
    }
    parts.add("PRIMARY KEY (" + names(key) + ")");
    parts.addAll(indexes);
    return "CREATE TABLE t (" + String.join(", ", parts) + ") DEFAULT CHARSET utf8mb4";
  }

  /** Columns that have values of their own. */
  String stored() {
    return names(key) + ", " + names(columns);
  }

  private static String names(List<Column> columns) {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  /** One change of one to four clauses. */
  String change(Random random) {
    var clauses = new ArrayList<String>();
    var free = new ArrayList<>(columns);
    var count = 1 + random.nextInt(4);
    for (var i = 0; i < count; i++) {
      var column = free.isEmpty() ? null : free.remove(random.nextInt(free.size()));
      if (column == null || (column.name().equals("u") && generated)) {
        clauses.add(added(random, i));
        continue;
      }
      var type = column.kind();
      clauses.add(
          switch (random.nextInt(10)) {
            case 0, 1 -> added(random, i);
            case 2 -> indexed(column) ? added(random, i) : "DROP COLUMN " + column.name();
            case 3 -> "CHANGE %s r%d %s".formatted(column.name(), i, tail(column, type.wider));
            case 4, 5 -> "MODIFY " + column.definition(type.wider);
            case 6 ->
                "MODIFY " + column.definition(random.nextInt(4) == 0 ? type.other : type.wider);
            case 7 ->
                type.indexable() && !indexed(column)
                    ? "ADD KEY n%d (%s)".formatted(i, column.name())
                    : added(random, i);
            case 8 ->
                column.name().equals("u") && !indexed(column) && random.nextInt(3) == 0
                    ? "ADD UNIQUE KEY nu (u)"
                    : "COMMENT = 'changed %d'".formatted(i);
            default -> "MODIFY " + column.name() + " " + type.wider + " NULL";
          });
    }
    // So that there is always something to rebuild.
    clauses.add("ADD COLUMN z INT NOT NULL DEFAULT 7 FIRST");
    if (random.nextInt(6) == 0) {
      clauses.add("DEFAULT CHARSET latin1");
    }
    return "ALTER TABLE t " + String.join(", ", clauses);
  }

  private boolean indexed(Column column) {
    return indexes.stream().anyMatch(index -> index.contains("(" + column.name() + ")"));
  }

  private static String tail(Column column, String type) {
    var text = column.definition(type);
    return text.substring(text.indexOf(' ') + 1);
  }

  private static String added(Random random, int number) {
    return switch (random.nextInt(4)) {
      case 0 -> "ADD COLUMN a%d INT NULL".formatted(number);
      case 1 -> "ADD COLUMN a%d VARCHAR(20) NOT NULL DEFAULT 'é''s'".formatted(number);
      case 2 -> "ADD COLUMN a%d DATETIME NOT NULL DEFAULT '2024-02-29 00:00:00'".formatted(number);
      default -> "ADD COLUMN a%d DECIMAL(6,2) NOT NULL DEFAULT 1.25 FIRST".formatted(number);
    };
  }

  String insert(Random random, String verb) {
    var all = new ArrayList<>(key);
    all.addAll(columns);
    return "%s INTO t (%s) VALUES (%s)"
        .formatted(
            verb,
            stored(),
            all.stream().map(column -> value(random, column)).collect(Collectors.joining(", ")));
  }

  /** The statements of one transaction; the last one may be ROLLBACK. */
  List<String> write(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> List.of(insert(random, "INSERT"));
      case 2 -> List.of(insert(random, "REPLACE"));
      case 3 -> List.of("DELETE FROM t WHERE " + where(random));
      case 4 -> List.of("UPDATE IGNORE t SET " + set(random, key) + " WHERE " + where(random));
      case 5 -> List.of("UPDATE t SET " + set(random, columns) + " WHERE " + where(random));
      case 6 ->
          List.of(
              "START TRANSACTION",
              insert(random, "REPLACE"),
              "UPDATE t SET " + set(random, columns) + " WHERE " + where(random),
              random.nextBoolean() ? "COMMIT" : "ROLLBACK");
      default -> {
        var one = random.nextInt(UNIQUE);
        yield List.of(
            "START TRANSACTION",
            "UPDATE t SET u = -1 WHERE u = " + one,
            "UPDATE t SET u = " + one + " WHERE u = " + (one + 1),
            "UPDATE t SET u = " + (one + 1) + " WHERE u = -1",
            "COMMIT");
      }
    };
  }

  private String where(Random random) {
    var column = key.getFirst();
    return column.name() + " = " + value(random, column);
  }

  private static String set(Random random, List<Column> some) {
    var column = some.get(random.nextInt(some.size()));
    return column.name() + " = " + value(random, column);
  }

  private static String value(Random random, Column column) {
    if (column.nullable() && random.nextInt(6) == 0) {
      return "NULL";
    }
    var n = random.nextInt(VALUES);
    return switch (column.kind()) {
      case INT, SMALLINT ->
          String.valueOf(column.name().equals("u") ? random.nextInt(UNIQUE) : n - VALUES / 2);
      case UNSIGNED -> random.nextInt(4) == 0 ? "18446744073709551" + (500 + n) : String.valueOf(n);
      case DECIMAL -> (n - 20) + "." + random.nextInt(1000);
      case DOUBLE -> String.valueOf(n / 8.0);
      case TEXT, CHAR -> "'" + WORDS.get(n % WORDS.size()) + (n / WORDS.size()) + "'";
      case LATIN -> "'" + WORDS.get(n % WORDS.size()) + "'";
      case BYTES, FIXED, BLOB -> "x'" + bytes(random, n) + "'";
      case DATETIME -> "'2024-03-%02d 02:30:%02d.%03d'".formatted(1 + n % 28, n % 60, n);
      case TIMESTAMP -> "'2024-10-27 %02d:30:00'".formatted(n % 24);
      case DATE -> "'20%02d-02-%02d'".formatted(n, 1 + n % 28);
      case TIME -> "'%s%02d:%02d:07.25'".formatted(n % 3 == 0 ? "-" : "", n, n);
      case ENUM -> List.of("'new'", "'old'", "'é'").get(n % 3);
      case SET -> List.of("''", "'a'", "'b,c'", "'a,b,c'").get(n % 4);
      case BIT -> "b'" + Integer.toBinaryString(n % 32) + "'";
      case JSON -> "'{\"n\": %d, \"t\": \"é\", \"d\": %d.50}'".formatted(n, n);
    };
  }

  private static String bytes(Random random, int n) {
    var text = new byte[] {(byte) (n * 4), (byte) 0xab, (byte) random.nextInt(2), 'x'};
    return HexFormat.of().formatHex(text);
  }
}
